#include "services/shop/shop_program.h"

int main(int argc, char** argv) {
  return promheal::shop::RunShop({.name = "auth",
                                  .summary = "Identifies users.",
                                  .default_listen_address = ":3031",
                                  .routes = {{"GET", "/verify", "shows the owner of a token", {}},
                                             {"POST", "/login", "issues a token", {}}}},
                                 argc, argv);
}
