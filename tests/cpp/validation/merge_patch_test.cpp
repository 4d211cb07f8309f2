#include "apiwright/validation/merge_patch.hpp"

#include <gtest/gtest.h>

#include <string>

#include "apiwright/validation/body_reader.hpp"
#include "apiwright/validation/value_json.hpp"
#include "validation/patched_row.hpp"
#include "validation/violations_of.hpp"

namespace apiwright::validation {
namespace {

SchemaPtr region() {
  static const SchemaPtr kSchema =
      Schema::make("Region", "", {Field::string("code").length(2, 2), Field::string("label").nullable()});
  return kSchema;
}

SchemaPtr address() {
  static const SchemaPtr kSchema = Schema::make(
      "Address", "",
      {Field::string("street").length(1, 20), Field::string("zip_code").nullable(), Field::integer("floor").optional(),
       Field::enumeration("use", {"home", "work"}).default_value("home"), Field::object("region", region()).nullable(),
       Field::array("lines", Field::string("line")).default_value(Array{}), Field::uuid("key").read_only()});
  return kSchema;
}

SchemaPtr contact() {
  static const SchemaPtr kSchema =
      Schema::make("Contact", "", {Field::string("email").nullable(), Field::string("phone").nullable()},
                   {{.fields = {"email", "phone"}}});
  return kSchema;
}

SchemaPtr shape(const std::string& kind, Field own) {
  return Schema::make(kind, "", {Field::enumeration("kind", {kind}), std::move(own), Field::string("name").nullable()});
}

Field pet(const std::string& name) {
  const SchemaPtr cat = shape("cat", Field::integer("lives").range(1, 9));
  return Field::tagged_union(name, "kind", {{"cat", cat}, {"dog", shape("dog", Field::string("breed"))}});
}

SchemaPtr places() {
  static const SchemaPtr kSchema = Schema::make(
      "Place", "places",
      {Field::uuid("id").read_only(), Field::object("address", address()).nullable(),
       Field::object("contact", contact()).optional(), Field::map("stock", Field::integer("n")).items(1, 3).optional(),
       Field::map("notes", Field::string("note").nullable()).default_value(Map{{{"a", Value("b")}}}),
       Field::map("sites", Field::object("site", region())).optional(), pet("pet").nullable(),
       Field::map("pets", pet("pet")).optional(), Field::array("list", Field::object("region", region())).optional(),
       Field::json("extra").optional(), Field::json("setting").default_value(Json{R"({"x":1})"})});
  return kSchema;
}

std::string patched(std::string_view row, std::string_view patch) { return patched_row(places(), row, patch); }

std::string violations(std::string_view row, std::string_view patch) {
  return violations_of([&] { (void)patched(row, patch); });
}

constexpr std::string_view kHome = R"({"address":{"street":"High Street","zipCode":"1","floor":2,"use":"work"}})";

TEST(MergePatchTest, AMemberOfAnObjectChangesAlone) {
  EXPECT_EQ(patched(kHome, R"({"address":{"zipCode":"1234"}})"),
            R"({"address":{"street":"High Street","zipCode":"1234","floor":2,"use":"work","region":null,"lines":[]}})");
  EXPECT_EQ(patched(kHome, R"({"address":{}})"),
            R"({"address":{"street":"High Street","zipCode":"1","floor":2,"use":"work","region":null,"lines":[]}})");
}

TEST(MergePatchTest, NullEmptiesAMemberSetsItsDefaultOrTakesItAway) {
  EXPECT_EQ(patched(kHome, R"({"address":{"zipCode":null,"use":null,"floor":null,"lines":null}})"),
            R"({"address":{"street":"High Street","zipCode":null,"use":"home","region":null,"lines":[]}})");
  EXPECT_EQ(patched(kHome, R"({"address":null})"), R"({"address":null})");
}

TEST(MergePatchTest, WhatIsRequiredCannotBeTakenAway) {
  EXPECT_EQ(violations(kHome, R"({"address":{"street":null,"region":{"code":null}}})"),
            "address.street required\naddress.region.code required\n");
}

TEST(MergePatchTest, AnObjectThatIsNotThereIsMadeOfThePatch) {
  EXPECT_EQ(patched("{}", R"({"address":{"street":"A","region":{"code":"EU"}}})"),
            R"({"address":{"street":"A","zipCode":null,"use":"home","region":{"code":"EU","label":null},"lines":[]}})");
  EXPECT_EQ(violations("{}", R"({"address":{"zipCode":"1","region":{"label":"x"}}})"),
            "address.street required\naddress.region.code required\n");
  EXPECT_EQ(violations(R"({"address":null})", R"({"address":{}})"), "address.street required\n");
  EXPECT_EQ(violations(kHome, R"({"address":{"region":{"label":"x"}}})"), "address.region.code required\n");
}

TEST(MergePatchTest, EveryViolationOfEveryFieldIsTold) {
  EXPECT_EQ(violations("{}", R"({"address":{},"pet":{"lives":1},"sites":{"a":{},"b":{"label":"x"}},"stock":{}})"),
            "address.street required\nstock min_length\nsites.a.code required\nsites.b.code required\n"
            "pet.kind required\n");
}

TEST(MergePatchTest, WhatThePatchItselfGetsWrongIsToldWithoutTheRow) {
  const BodyReader reader(places(), Mode::kPatch);
  EXPECT_EQ(violations_of([&] {
              (void)reader.read(R"({"address":{"street":"","nope":1,"key":"x","region":{"code":"EUR"},"lines":[1]},
                                    "stock":{"a":"x"},"pet":{"kind":"cat","lives":10},"list":[{"label":"x"}]})");
            }),
            "address.street min_length\naddress.nope unknown\naddress.key unknown\naddress.region.code max_length\n"
            "address.lines[0] type\nstock.a type\npet.lives max\nlist[0].code required\n");
}

TEST(MergePatchTest, WhatIsNotNamedIsNotCheckedAgain) {
  const SchemaPtr strict = places();
  Record row(strict);
  const std::size_t index = strict->index_of("address");
  row.set(index, read_stored(strict->stored_form(index),
                             R"({"street":"a street of more than twenty letters","use":"gone","old":1,
                                 "key":"0198c1f2-abcd-7000-8000-000000000000"})"));
  const Record patch = BodyReader(strict, Mode::kPatch).read(R"({"address":{"floor":1}})");
  EXPECT_EQ(to_json(merge_patch(row, patch).at(index)),
            R"({"street":"a street of more than twenty letters","floor":1,"use":"gone",)"
            R"("key":"0198c1f2-abcd-7000-8000-000000000000"})");
}

TEST(MergePatchTest, ChoicesHoldInTheObjectThatThePatchLeadsTo) {
  EXPECT_EQ(patched(R"({"contact":{"email":"a"}})", R"({"contact":{"email":null,"phone":"1"}})"),
            R"({"contact":{"email":null,"phone":"1"}})");
  EXPECT_EQ(violations(R"({"contact":{"email":"a"}})", R"({"contact":{"phone":"1"}})"), "contact.phone exclusive\n");
  EXPECT_EQ(violations(R"({"contact":{"email":"a"}})", R"({"contact":{"email":null}})"), "contact.email required\n");
  EXPECT_EQ(violations("{}", R"({"contact":{}})"), "contact.email required\n");
}

TEST(MergePatchTest, AMapIsMergedByItsNames) {
  EXPECT_EQ(patched(R"({"stock":{"a":1,"b":2,"c":3}})", R"({"stock":{"d":4,"b":null,"a":5,"c":null}})"),
            R"({"stock":{"a":5,"d":4}})");
  EXPECT_EQ(patched("{}", R"({"stock":{"a":1,"b":null}})"), R"({"stock":{"a":1}})");
  EXPECT_EQ(patched(R"({"stock":{"a":1}})", R"({"stock":null})"), R"({"stock":null})");
  EXPECT_EQ(patched(R"({"notes":{"x":"y"}})", R"({"notes":null})"), R"({"notes":{"a":"b"}})") << "its default";
}

TEST(MergePatchTest, NullTakesANameAwayThoughItsValueMayBeNull) {
  EXPECT_EQ(patched(R"({"notes":{"x":"y","z":null}})", R"({"notes":{"x":null}})"), R"({"notes":{"z":null}})");
}

TEST(MergePatchTest, TheNumberOfNamesIsThatOfTheMapThatThePatchLeadsTo) {
  EXPECT_EQ(violations(R"({"stock":{"a":1,"b":2,"c":3}})", R"({"stock":{"d":4}})"), "stock max_length\n");
  EXPECT_EQ(violations(R"({"stock":{"a":1}})", R"({"stock":{"a":null}})"), "stock min_length\n");
  EXPECT_EQ(violations(R"({"stock":{"a":1,"b":2,"c":3}})", R"({"stock":{"a":null,"b":null,"c":null,"d":1,"e":2}})"),
            "");
}

TEST(MergePatchTest, WhatAMapHoldsIsMergedToo) {
  EXPECT_EQ(patched(R"({"sites":{"x":{"code":"EU","label":"a"}}})", R"({"sites":{"x":{"code":"US"}}})"),
            R"({"sites":{"x":{"code":"US","label":"a"}}})");
  EXPECT_EQ(violations(R"({"sites":{"x":{"code":"EU"}}})", R"({"sites":{"y":{"label":"a"}}})"),
            "sites.y.code required\n");
}

TEST(MergePatchTest, ANameInAnotherFormIsTheSameName) {
  EXPECT_EQ(patched("{\"stock\":{\"\u00e9\":1,\"a\":2}}", R"({"stock":{"e\u0301":null}})"), R"({"stock":{"a":2}})");
  EXPECT_EQ(violations("{}", R"({"stock":{"e\u0301":null,"\u00e9":1}})"), "stock.\u00e9 duplicate\n");
}

TEST(MergePatchTest, AUnionIsMergedIntoTheVariantItHas) {
  constexpr std::string_view kCat = R"({"pet":{"kind":"cat","lives":9,"name":"Tom"}})";
  EXPECT_EQ(patched(kCat, R"({"pet":{"lives":8}})"), R"({"pet":{"kind":"cat","lives":8,"name":"Tom"}})");
  EXPECT_EQ(patched(kCat, R"({"pet":{"name":null,"kind":"cat"}})"), R"({"pet":{"kind":"cat","lives":9,"name":null}})");
  EXPECT_EQ(patched(kCat, R"({"pet":{}})"), R"({"pet":{"kind":"cat","lives":9,"name":"Tom"}})");
  EXPECT_EQ(violations(kCat, R"({"pet":{"lives":10,"breed":"x","name":1}})"),
            "pet.lives max\npet.breed unknown\npet.name type\n");
  EXPECT_EQ(violations(kCat, R"({"pet":{"lives":null}})"), "pet.lives required\n");
}

TEST(MergePatchTest, AnotherVariantReplacesAUnionWhole) {
  constexpr std::string_view kCat = R"({"pet":{"kind":"cat","lives":9,"name":"Tom"}})";
  EXPECT_EQ(patched(kCat, R"({"pet":{"kind":"dog","breed":"Pug"}})"),
            R"({"pet":{"kind":"dog","breed":"Pug","name":null}})");
  EXPECT_EQ(violations(kCat, R"({"pet":{"kind":"dog"}})"), "pet.breed required\n");
  EXPECT_EQ(violations("{}", R"({"pet":{"name":"Tom"}})"), "pet.kind required\n");
  EXPECT_EQ(violations(kCat, R"({"pet":{"kind":null}})"), "pet.kind type\n");
  EXPECT_EQ(violations(kCat, R"({"pet":{"kind":"cow"}})"), "pet.kind enum\n");
}

TEST(MergePatchTest, UnionsInsideAMapAreMergedEachByItself) {
  constexpr std::string_view kPets = R"({"pets":{"a":{"kind":"cat","lives":9},"b":{"kind":"dog","breed":"Pug"}}})";
  EXPECT_EQ(patched(kPets, R"({"pets":{"a":{"lives":1},"b":{"name":"Rex"},"c":{"kind":"cat","lives":2}}})"),
            R"({"pets":{"a":{"kind":"cat","lives":1,"name":null},"b":{"kind":"dog","breed":"Pug","name":"Rex"},)"
            R"("c":{"kind":"cat","lives":2,"name":null}}})");
  EXPECT_EQ(violations(kPets, R"({"pets":{"b":{"lives":1},"c":{"lives":1}}})"),
            "pets.b.lives unknown\npets.c.kind required\n");
}

TEST(MergePatchTest, AUnionInsideAUnionIsMergedWithoutAnyTag) {
  const auto toy = Field::tagged_union("toy", "kind", {{"ball", shape("ball", Field::integer("size").range(1, 9))}});
  const SchemaPtr owners = Schema::make(
      "Owner", "owners",
      {Field::tagged_union("pet", "kind",
                           {{"cat", shape("cat", Field(toy).nullable())}, {"dog", shape("dog", Field(toy))}})});
  constexpr std::string_view kRow = R"({"pet":{"kind":"cat","toy":{"kind":"ball","size":1}}})";
  EXPECT_EQ(patched_row(owners, kRow, R"({"pet":{"toy":{"size":2}}})"),
            R"({"pet":{"kind":"cat","toy":{"kind":"ball","size":2,"name":null},"name":null}})");
  const auto refusals = [&](std::string_view row, std::string_view patch) {
    return violations_of([&] { (void)patched_row(owners, row, patch); });
  };
  EXPECT_EQ(refusals(kRow, R"({"pet":{"toy":{"size":10,"x":1}}})"), "pet.toy.size max\npet.toy.x unknown\n");
  EXPECT_EQ(refusals(kRow, R"({"pet":{"kind":"dog","toy":{"size":2}}})"), "pet.toy.kind required\n");
  EXPECT_EQ(refusals(R"({"pet":{"kind":"cat"}})", R"({"pet":{"toy":{"size":2}}})"), "pet.toy.kind required\n");
}

TEST(MergePatchTest, AUnionWhoseVariantIsGoneIsReplacedOrRefused) {
  const SchemaPtr schema = places();
  const std::size_t index = schema->index_of("pet");
  const Field before = Field::tagged_union("pet", "kind", {{"cow", shape("cow", Field::integer("milk"))}});
  Record row(schema);
  row.set(index, read_stored(without_constraints(before), R"({"kind":"cow","milk":1})"));
  const BodyReader reader(schema, Mode::kPatch);
  EXPECT_EQ(violations_of([&] { (void)merge_patch(row, reader.read(R"({"pet":{"name":"x"}})")); }),
            "pet.kind required\n");
  EXPECT_EQ(to_json(merge_patch(row, reader.read(R"({"pet":{"kind":"cat","lives":1}})")).at(index)),
            R"({"kind":"cat","lives":1,"name":null})");
}

TEST(MergePatchTest, AListIsReplacedWhole) {
  EXPECT_EQ(patched(R"({"list":[{"code":"EU","label":"a"},{"code":"US"}]})", R"({"list":[{"code":"AU"}]})"),
            R"({"list":[{"code":"AU","label":null}]})");
}

TEST(MergePatchTest, NullTakesJsonAwayOrSetsItsDefault) {
  EXPECT_EQ(patched(R"({"extra":{"a":1},"setting":[1]})", R"({"extra":null,"setting":null})"),
            R"({"extra":null,"setting":{"x":1}})");
}

TEST(MergePatchTest, OnlyWhatThePatchNamesChanges) {
  const Record row(places());
  const Record changes = merge_patch(row, BodyReader(places(), Mode::kPatch).read(R"({"stock":{"a":1}})"));
  EXPECT_FALSE(changes.is_patch());
  for (std::size_t i = 0; i < places()->fields().size(); ++i) {
    EXPECT_EQ(changes.at(i).is_absent(), places()->field(i).name() != "stock") << places()->field(i).name();
  }
}

TEST(MergePatchTest, WhatIsNoPatchComesBackAsItIs) {
  const Record row(places());
  for (const Mode mode : {Mode::kCreate, Mode::kReplace, Mode::kChanges}) {
    const Record record = BodyReader(places(), mode).read(R"({"stock":{"a":1}})");
    EXPECT_FALSE(record.is_patch());
    EXPECT_EQ(merge_patch(row, record).at("stock"), record.at("stock"));
  }
}

TEST(MergePatchTest, WhatTheApplicationSetsInAPatchIsWhole) {
  const Record whole = BodyReader(places(), Mode::kCreate).read(R"({"address":{"street":"New"}})");
  Record patch = BodyReader(places(), Mode::kPatch).read("{}");
  patch.set("address", whole.at("address"));
  EXPECT_EQ(merge_patch(row_of(places(), kHome), patch).at("address"), whole.at("address"));
}

}  // namespace
}  // namespace apiwright::validation
