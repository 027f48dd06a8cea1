import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, beforeEach, describe, it } from "node:test";
import { pathToFileURL } from "node:url";
import { tsImport } from "tsx/esm/api";
import { createApp } from "../../create/src/create-app.js";
import { parseArguments } from "../src/arguments.js";
import { generate } from "../src/generate.js";
import { GenerateError } from "../src/generate-error.js";

const root = path.resolve(import.meta.dirname, "../..");
const demo = path.join(root, "demo");
const liveTemplates = path.join(root, "generators/templates");

describe("the generators of pages", () => {
  const folder = mkdtempSync(path.join(tmpdir(), "gen-live-"));
  const app = path.join(folder, "shop");
  beforeEach(() => {
    createApp({ folder: app, database: "sqlite", shared: path.join(demo, "src") });
  });
  afterEach(() => rmSync(app, { recursive: true }));
  after(() => rmSync(folder, { recursive: true }));

  const gen = (...args: string[]) =>
    generate(parseArguments(["gen", ...args]), { root: app, templates: demo, liveTemplates });
  const read = (file: string) => readFileSync(path.join(app, file), "utf8");

  describe("gen live", () => {
    const product = ["live", "Catalog", "Product", "products"];

    it("writes the schema, the context, the migration, three pages and two tests", () => {
      const report = gen(...product, "name:string", "price:decimal", "sold_at:datetime");
      assert.equal(report.match(/^ +create {2}/gm)?.length, 11);
      assert.match(read("src/catalog/product.ts"), /sold_at: dateTime\(\)/);
      assert.match(read("src/migrations/create-products.ts"), /table\.decimal\("price", 14, 4\)/);
      assert.match(read("src/web/live/product-index-live.ts"), /repeat\(products/);
      assert.match(read("src/web/live/product-form-live.ts"), /type: "datetime-local"/);
    });

    it("adds the routes, the migration, the menu item and its mark", () => {
      gen(...product, "name");
      const router = read("src/web/router.ts");
      assert.match(router, /const catalog = createCatalog\(database\);/);
      assert.match(router, /notificationLive.*\n +\.live\("\/products", productIndexLive/);
      assert.match(read("src/migrations/migrations.ts"), /_create_products", createProducts\]/);
      assert.match(read("src/web/layouts/app-layout.ts"), /label: "Products"/);
      assert.match(read("src/web/hooks/active-tab.ts"), /ProductFormLive: "products"/);
      assert.match(gen(...product, "name"), /There is nothing to do/);
    });

    it("keeps CRLF at the end of lines, and knows its own files in that form", () => {
      const toWindows = (file: string) =>
        writeFileSync(path.join(app, file), read(file).replaceAll("\n", "\r\n"));
      toWindows("src/web/router.ts");
      gen(...product, "name");
      assert.match(read("src/web/router.ts"), /const catalog = createCatalog\(database\);\r\n/);
      assert.doesNotMatch(read("src/web/router.ts"), /[^\r]\n/);
      toWindows("src/catalog/product.ts");
      assert.match(gen(...product, "name"), /There is nothing to do/);
    });

    it("adds a second schema to a context that exists", () => {
      gen(...product, "name");
      gen("live", "Catalog", "Offer", "offers", "product_id:references:products");
      const context = read("src/catalog/catalog.ts");
      assert.match(
        context,
        /\.\.\.productOperations\(database\), \.\.\.offerOperations\(database\)/,
      );
      assert.equal(read("src/web/router.ts").match(/createCatalog\(database\)/g)?.length, 1);
      assert.match(
        read("src/migrations/create-offers.ts"),
        /foreign\("product_id", "offers_product_id_foreign"\)\.references\("products\.id"\)/,
      );
    });

    it("knows the types of fields", () => {
      gen(
        ...product,
        ...["title", "note:text", "count:integer", "ratio:float", "is_live:boolean", "day:date"],
        "status:enum:draft:published",
      );
      const schema = read("src/catalog/product.ts");
      for (const part of [
        "title: text()",
        "note: text(10_000)",
        "count: integer()",
        "ratio: float()",
        "is_live: boolean()",
        "day: date()",
        'status: oneOf(["draft", "published"])',
        'readonly status: "draft" | "published";',
      ])
        assert.ok(schema.includes(part), part);
    });

    it("writes schemas whose saved values are valid in the form that edits them", async () => {
      gen(...product, "ratio:float", "sold_at:datetime");
      mkdirSync(path.join(folder, "node_modules"));
      const zod = createRequire(path.join(demo, "package.json")).resolve("zod/package.json");
      symlinkSync(path.dirname(zod), path.join(folder, "node_modules/zod"), "junction");
      const { productSchema, toProduct, toProductFields } = await tsImport(
        pathToFileURL(path.join(app, "src/catalog/product.ts")).href,
        import.meta.url,
      );
      const times = { inserted_at: 0, updated_at: 0 };
      const edited = (fields: { ratio: string; sold_at: string }) =>
        toProductFields(toProduct({ ...productSchema.parse(fields), ...times })) as typeof fields;
      const values: readonly (readonly [ratio: string, soldAt: string])[] = [
        ["1e-7", "2026-11-30T12:00"],
        ["-1e+308", "9999-12-31T23:59:59.999"],
        ["0.5", "1000-01-01T00:00:30"],
      ];
      for (const [ratio, sold_at] of values)
        assert.deepEqual(edited({ ratio, sold_at }), { ratio, sold_at });
      assert.doesNotMatch(read("src/web/forms/input.ts"), /"number"/, "which turns 1,5 into 15");
      const refused = { ratio: "1e309", sold_at: "0999-12-31T23:59" };
      assert.deepEqual(
        productSchema
          .safeParse(refused)
          .error.issues.map((issue: { path: string[] }) => issue.path),
        [["ratio"], ["sold_at"]],
      );
    });

    it("writes the check of references", () => {
      gen(...product, "shop_id:references:shops");
      assert.match(
        read("src/catalog/product-operations.ts"),
        /checkReferences\(knex, checked\.values, \{ shop_id: "shops" \}\)/,
      );
      assert.match(read("src/references.ts"), /"does not exist"/);
    });

    it("writes tests that add the rows to which others refer", () => {
      const report = gen(...product, "shop_id:references:shops", "name");
      for (const file of ["test/catalog/products.test.ts", "test/web/live/product-live.test.ts"])
        assert.match(read(file), /shop_id\]?"?: await idOfAnyRow\(.*database.*, "shops"\)/);
      assert.match(read("test/support/rows.ts"), /export async function idOfAnyRow/);
      assert.match(report, /Next:\n {2}Create the table shops/);
      gen("live", "Catalog", "Shop", "shops", "name");
      assert.doesNotMatch(
        gen("live", "Catalog", "Offer", "offers", "shop_id:references:shops"),
        /Create the table/,
      );
    });

    it("writes no test of blank fields for a schema of checkboxes", () => {
      gen(...product, "is_live:boolean");
      for (const file of ["test/catalog/products.test.ts", "test/web/live/product-live.test.ts"])
        assert.doesNotMatch(read(file), /undefined|blank/);
    });

    it("uses a context that the router creates in another way", () => {
      gen(...product, "name");
      const router = read("src/web/router.ts");
      const created = "const catalog = createCatalog(database, { prices: true });";
      writeFileSync(
        path.join(app, "src/web/router.ts"),
        router.replace("const catalog = createCatalog(database);", created),
      );
      gen("live", "Catalog", "Offer", "offers", "name");
      assert.equal(read("src/web/router.ts").match(/const catalog = /g)?.length, 1);
    });

    it("refuses a context and a table that accounts have, and writes nothing", () => {
      generate(parseArguments(["gen", "auth", "Accounts", "User", "users"]), {
        root: app,
        templates: demo,
        liveTemplates,
      });
      const router = read("src/web/router.ts");
      assert.throws(
        () => gen("live", "Accounts", "Profile", "profiles", "name"),
        /the context Accounts exists, but is not created from a database/,
      );
      assert.throws(
        () => gen("live", "Catalog", "User", "users", "name"),
        /belong to something else[\s\S]*Got: src\/migrations\/create-users\.ts/,
      );
      assert.equal(read("src/web/router.ts"), router);
    });

    const wrong: [args: string[], message: RegExp][] = [
      [["parent_id:references:products"], /the field parent_id refers to its own table/],
      [[], /there are no fields/],
      [["price:money"], /type of the field price does not exist\nExpected: string, text/],
      [["Name"], /the name of a field is not valid/],
      [["id:integer"], /and not id, inserted_at, updated_at/],
      [["status:enum"], /the field status lacks its values/],
      [["shop_id:references"], /the field shop_id lacks its table/],
      [["name", "size", "name:text"], /two fields have the same name: name/],
      [["status:enum:new:it's"], /the field status has a value that is not valid.*\n.*\nGot: it's/],
      [["status:enum:new:new"], /the field status has a value .* given twice/],
      [["constructor"], /the name of a field is not valid/],
      [["id_"], /the name of a field is not valid/],
    ];
    for (const [args, message] of wrong) {
      it(`refuses the fields "${args.join(" ")}"`, () => {
        assert.throws(
          () => gen(...product, ...args),
          (error) => error instanceof GenerateError && message.test(error.message),
        );
      });
    }
  });

  it("refuse a context and a schema of the same name", () => {
    assert.throws(
      () => gen("live", "Thing", "Thing", "things", "name"),
      /the context and the schema have the same name: Thing/,
    );
  });

  for (const name of ["Class", "Error", "Form", "Socket"])
    it(`refuse the schema ${name}, whose name the code needs for something else`, () => {
      assert.throws(
        () => gen("live", "Shop", name, "things", "name"),
        /name of the schema has another meaning/,
      );
    });

  describe("gen view", () => {
    it("writes a view, its route and its test", () => {
      gen("view", "AboutUs", "/about");
      assert.match(read("src/web/live/about-us-live.ts"), /liveView\("AboutUsLive"/);
      assert.match(read("src/web/router.ts"), /\.live\("\/about", aboutUsLive\)/);
      assert.match(
        read("test/web/live/about-us-live.test.ts"),
        /visit\(site\(\)\.app, "\/about"\)/,
      );
    });

    it("prints the route if the router has another form", () => {
      writeFileSync(path.join(app, "src/web/router.ts"), "export {};\n");
      assert.match(gen("view", "About"), /another form[\s\S]*\.live\("\/about", aboutLive\)/);
    });

    it("refuses a path that is not local", () => {
      assert.throws(
        () => gen("view", "About", "https://example.com"),
        /path of the view is not valid/,
      );
    });
  });

  describe("gen hook", () => {
    it("writes a hook and its test, and says where to add it", () => {
      const report = gen("hook", "count-events");
      assert.match(read("src/web/hooks/count-events.ts"), /onMount\("countEvents"/);
      assert.match(report, /onMount: \[countEvents, …\]/);
    });

    it("refuses a name that is not valid, or that the code needs for something else", () => {
      assert.throws(() => gen("hook", "3"), /the name of the hook is not valid/);
      for (const name of ["delete", "onMount"])
        assert.throws(() => gen("hook", name), /name of the hook has another meaning/);
    });
  });

  it("refuse a generator that does not exist, and a folder without an app", () => {
    assert.throws(
      () => gen("house"),
      /there is no generator "house"\nExpected: auth, live, hook, view/,
    );
    rmSync(path.join(app, "package.json"));
    assert.throws(() => gen("hook", "one"), /run the command in the folder of the app/);
  });
});
