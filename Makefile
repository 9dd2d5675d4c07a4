# The one way to build is `cargo build --workspace`: another selection unifies features differently
# and rebuilds every dependency.

target   := $(or $(CARGO_TARGET_DIR),target)
binary   := $(target)/debug/customer360
services := customer interaction loyalty survey

.PHONY: run test check check-full up down image schema build contracts tidy
.DEFAULT_GOAL := run

run: build               ## the whole suite in one process, with a demo; nothing else needs to be started
	exec $(binary) serve all --data data --demo

test: build              ## every test, on a real PostgreSQL and RabbitMQ too
	tests/run

check: tidy contracts    ## everything that can be judged without running the tests
	diff -ru schema/graphql .run/schema/graphql
	diff -ru schema/openapi .run/schema/openapi
	diff -u schema/asyncapi.yaml .run/schema/asyncapi.yaml
	.ci/supply-chain
	cargo clippy --locked --workspace --all-targets -- -D warnings

check-full: check        ## and what takes longer: judges of OpenAPI (Python), ingestion (npm, PyPI), answer page (npm, Chromium), manifests (kubectl)
	tests/judges/openapi/run
	tests/judges/ingestion/run
	C360_ALLOW_WEAK_DURABILITY=1 cargo test --workspace --test it _import_ -- --ignored
	npm ci --silent --prefix tests/judges/answer-page
	cargo test --workspace --test it a_browser_finds -- --ignored
	.ci/manifests

up: build                ## five processes on PostgreSQL and RabbitMQ, in the background
	tests/five up

down:                    ## stops them
	tests/five down

image:                   ## the container image; BUILD_IMAGE and RUNTIME_IMAGE choose its bases
	docker build --tag customer360 \
	  $(if $(BUILD_IMAGE),--build-arg BUILD_IMAGE=$(BUILD_IMAGE)) \
	  $(if $(RUNTIME_IMAGE),--build-arg RUNTIME_IMAGE=$(RUNTIME_IMAGE)) .

schema: contracts        ## brings the committed contracts up to date with the code
	cp -R .run/schema/. schema/

build:
	cargo build --workspace

# What fails within seconds comes before what takes minutes.
tidy:
	cargo metadata --locked --format-version 1 > /dev/null
	cargo fmt --all --check

# What the code says its contracts are; `check` compares, `schema` takes it over.
contracts: build
	rm -rf .run/schema
	mkdir -p .run/schema/graphql .run/schema/openapi
	$(binary) sdl > .run/schema/graphql/gateway.graphql
	set -e; for service in $(services); do $(binary) openapi $$service > .run/schema/openapi/$$service.json; done
	$(binary) asyncapi > .run/schema/asyncapi.yaml
