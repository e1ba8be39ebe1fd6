#include "serve/commands.h"

int main(int count, char** values) { return titik::serve::run({values + 1, values + count}); }
