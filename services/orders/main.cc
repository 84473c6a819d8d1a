#include "services/shop/shop_program.h"

int main(int argc, char** argv) {
  return promheal::shop::RunShop(
      {.name = "orders",
       .summary = "The shop's front: asks auth for the user and payments for the charge.",
       .default_listen_address = ":3011",
       .routes = {{"GET", "/items", "lists the goods", {}},
                  {"GET", "/history", "lists past orders", {{"auth", "GET", "/verify"}}},
                  {"POST",
                   "/checkout",
                   "buys the basket",
                   {{"auth", "GET", "/verify"}, {"payments", "POST", "/charge"}}}}},
      argc, argv);
}
