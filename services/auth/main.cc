#include "services/shop/shop_program.h"

int main(int argc, char** argv) {
  return promheal::shop::RunShop({.name = "auth",
                                  .summary = "Knows who is who.",
                                  .default_listen_address = ":3031",
                                  .routes = {{"GET", "/verify", "who holds this token", {}},
                                             {"POST", "/login", "gives one", {}}}},
                                 argc, argv);
}
