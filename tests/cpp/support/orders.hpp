#pragma once

#include <memory>
#include <string>

#include "apiwright/engine/resource_operations.hpp"
#include "apiwright/repositories/table.hpp"
#include "support/api.hpp"
#include "support/traced_statements.hpp"

namespace apiwright::support {

/// Orders of users, their items, and the products that items are of: three collections that lead to each other.
class Orders {
  // Before the database, whose connections it traces.
  TracedStatements statements_;

 public:
  using Field = validation::Field;
  using Rule = access::Rule;
  using CollectionPtr = std::shared_ptr<const engine::Collection>;

  Api api;
  validation::SchemaPtr products = validation::Schema::make(
      "Product", "products",
      {Field::uuid("id").read_only(), Field::string("name"), Field::integer("cost").default_value(1),
       Field::boolean("hidden").default_value(false)});
  validation::SchemaPtr orders = validation::Schema::make(
      "Order", "orders",
      {Field::uuid("id").read_only(), Field::string("title"), Field::uuid("user_id").references("users").filterable(),
       Field::uuid("guarded_id").references("users").nullable().filterable(),
       Field::date_time("created_at").read_only().sortable()});
  validation::SchemaPtr items = validation::Schema::make(
      "OrderItem", "order_items",
      {Field::uuid("id").read_only(), Field::string("sku"), Field::uuid("order_id").references("orders").filterable(),
       Field::uuid("product_id").references("products").nullable().filterable(),
       Field::boolean("open").default_value(true), Field::date_time("created_at").read_only().sortable()});
  Rule items_list = Rule::everyone();
  std::vector<access::FieldRule> items_readable{};

  Orders() {
    api.people.database.write([&](data::Connection& it) {
      for (const auto& schema : {products, orders, items}) repositories::create_table(it, *schema);
    });
  }

  [[nodiscard]] engine::Relations orders_lead_to() const {
    const auto of_items = std::make_shared<engine::Collection>(
        items, Rule::any_of({Rule::equals("open", true), Rule::role("admin")}), items_list, items_readable);
    const auto of_products = std::make_shared<engine::Collection>(
        products, Rule::any_of({Rule::equals("hidden", false), Rule::role("admin")}), Rule::everyone(),
        std::vector<access::FieldRule>{{"cost", Rule::role("admin")}});
    const auto of_orders = std::make_shared<engine::Collection>(orders, Rule::everyone(), Rule::everyone(),
                                                                std::vector<access::FieldRule>{});
    const auto of_users =
        std::make_shared<engine::Collection>(api.people.users.rows().schema(), engine::users_read_rule(),
                                             engine::users_list_rule(), std::vector<access::FieldRule>{});
    return {{"user", "user_id", false, of_users, {}},
            {"guarded", "guarded_id", false, of_users, {}},
            {"items",
             "order_id",
             true,
             of_items,
             {{"product", "product_id", false, of_products, {}}, {"order", "order_id", false, of_orders, {}}}}};
  }
  [[nodiscard]] engine::Declaration declared() const {
    return {.schema = orders,
            .path = "/api/v1/orders",
            .read = Rule::everyone(),
            .list = Rule::everyone(),
            .create = Rule::authenticated(),
            .update = Rule::authenticated(),
            .remove = Rule::authenticated(),
            .readable = {{"guarded_id", Rule::owner("user_id")}},
            .relations = orders_lead_to()};
  }
  /// Without rules.
  Uuid add(const validation::SchemaPtr& schema, const std::string& json) const {
    const repositories::Repository rows(schema);
    auto record = validation::BodyReader(schema, validation::Mode::kCreate).read(json);
    return api.people.database.write([&](data::Connection& it) {
      return rows.insert(it, std::move(record), api.people.clock.now()).at("id").as<Uuid>();
    });
  }
  Uuid add_order(const Uuid& user) const {
    const auto id = user.to_string();
    return add(orders, R"({"title":"x","userId":")" + id + R"(","guardedId":")" + id + "\"}");
  }
  Uuid add_item(const Uuid& order, const std::string& more = "") const {
    return add(items, R"({"sku":"a","orderId":")" + order.to_string() + '"' + more + '}');
  }
};

}  // namespace apiwright::support
