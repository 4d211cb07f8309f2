#pragma once

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

#include "apiwright/base/error.hpp"
#include "apiwright/passwords/hasher.hpp"

namespace apiwright::passwords {

// The passwords of the strings that were made with other systems' own code. Their versions: Django 5.2.19,
// passlib 1.7.4 with bcrypt 4.0.1 (and Python 3.11's hashlib). Salts are fixed, so that the strings can be made again.
inline constexpr std::string_view kPlain = "correct horse battery staple";
inline constexpr std::string_view kNotAscii = "p\u00E4ssw\u00F6rd \U0001F511";
inline constexpr std::string_view kDecomposed = "Ame\u0301lie";  // NFC changes it; the other systems did not
inline constexpr std::string_view kComposed = "Am\u00E9lie";

struct Imported {
  std::string_view password;
  std::string_view stored;
};

/// "match", or the code of the error.
inline std::string outcome(std::string_view password, std::string_view stored) {
  try {
    Hasher({.memory_kib = 8, .passes = 1}).verify(password, stored);
    return "match";
  } catch (const Error& error) {
    return std::string(name_of(error.code()));
  }
}

/// Each is its password's and no other's, and is to be replaced.
inline void expect_imports(const std::vector<Imported>& all) {
  const Hasher cheapest({.memory_kib = 8, .passes = 1});
  for (const auto& [password, stored] : all) {
    EXPECT_EQ(outcome(password, stored), "match") << stored;
    EXPECT_EQ(outcome("C" + std::string(password.substr(1)), stored), "INVALID_CREDENTIALS") << stored;
    EXPECT_EQ(outcome("", stored), "INVALID_CREDENTIALS") << stored;
    EXPECT_TRUE(cheapest.needs_rehash(stored)) << stored;
    EXPECT_TRUE(Hasher::can_read(stored)) << stored;
  }
}

/// None is read, and so none costs anything.
inline void expect_unreadable(const std::vector<std::string>& all) {
  for (const std::string& stored : all) {
    EXPECT_EQ(outcome(kPlain, stored), "INTERNAL_ERROR") << stored;
    EXPECT_FALSE(Hasher::can_read(stored)) << stored;
  }
}

/// Neither what is cut off nor what is changed by one bit is taken for the password's.
inline void expect_damage_is_noticed(std::string_view password, std::string_view stored) {
  for (std::size_t size = 0; size < stored.size(); ++size) {
    EXPECT_NE(outcome(password, stored.substr(0, size)), "match") << size;
  }
  for (std::size_t index = 0; index < stored.size(); ++index) {
    std::string changed(stored);
    changed[index] = static_cast<char>(changed[index] ^ 1);
    EXPECT_NE(outcome(password, changed), "match") << changed;
  }
}

inline std::string replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string changed(text);
  return changed.replace(changed.find(from), from.size(), to);
}

}  // namespace apiwright::passwords
