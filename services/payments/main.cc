#include "services/shop/shop_program.h"

int main(int argc, char** argv) {
  return promheal::shop::RunShop({.name = "payments",
                                  .summary = "Charges cards and pays back.",
                                  .default_listen_address = ":3021",
                                  .routes = {{"GET", "/balance", "shows the balance", {}},
                                             {"POST", "/charge", "takes money", {}},
                                             {"POST", "/refund", "returns money", {}}}},
                                 argc, argv);
}
