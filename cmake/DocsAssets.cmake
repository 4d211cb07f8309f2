# Scripts and styles of /docs and /redoc, which work without internet. They are fetched once per
# build folder, by exact version and SHA-512, and installed as apiwright/_assets.

set(assets_dir "${CMAKE_CURRENT_BINARY_DIR}/assets")
set(assets_pin "${CMAKE_CURRENT_SOURCE_DIR}/requirements/docs-assets.txt")
set(assets_script "${CMAKE_CURRENT_SOURCE_DIR}/cmake/fetch_docs_assets.py")

add_custom_command(
  OUTPUT "${assets_dir}/swagger-ui-bundle.js"
  COMMAND "${Python_EXECUTABLE}" "${assets_script}" "${assets_pin}" "${assets_dir}"
  DEPENDS "${assets_pin}" "${assets_script}"
  COMMENT "Fetching the scripts of the documentation pages"
  VERBATIM)
add_custom_target(docs_assets ALL DEPENDS "${assets_dir}/swagger-ui-bundle.js")

install(
  DIRECTORY "${assets_dir}/"
  DESTINATION _assets
  COMPONENT python
  EXCLUDE_FROM_ALL)
