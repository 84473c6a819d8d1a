#include "services/shop/shop_program.h"

int main(int argc, char** argv) {
  return promheal::shop::RunShop(
      {.name = "orders",
       .summary = "The shop's front: asks auth who is there and payments to charge.",
       .default_listen_address = ":3011",
       .routes = {{"GET", "/items", "what is for sale", {}},
                  {"GET", "/history", "what one bought", {{"auth", "GET", "/verify"}}},
                  {"POST",
                   "/checkout",
                   "buys the basket",
                   {{"auth", "GET", "/verify"}, {"payments", "POST", "/charge"}}}}},
      argc, argv);
}
