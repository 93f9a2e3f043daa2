using System.Text.Json.Nodes;

namespace Cdr.Rights.Tests.Client;

/// <summary>What the writer knows it writes, and what it does not know stops it.</summary>
public sealed class ClientWritingTests
{
    private const string Parameters = "paths//api/things/{id}/post/parameters";
    private const string Content = "paths//api/things/{id}/post/requestBody/content";
    private const string Success = "paths//api/things/{id}/post/responses/200/content";
    private const string Thing = "components/schemas/Thing";

    [Fact]
    public void Each_parameter_goes_where_it_is_described()
    {
        var description = Description();
        At(description, Parameters).AsArray().Add(JsonNode.Parse("""{"name":"X-Reading-Room","in":"header","schema":{"type":"string"}}"""));

        Assert.Contains(
            "Task<Thing> DoAsync(Guid id, [Query] int from, [Body] Thing request, [Query] string? after = null, [Header(\"X-Reading-Room\")] string? xReadingRoom = null, CancellationToken cancellationToken = default);",
            Write(description), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_that_the_body_says_too_is_left_out()
    {
        var (description, without) = (Description(), Description());
        At(description, Parameters).AsArray().Add(JsonNode.Parse("""{"name":"Idempotency-Key","in":"header","schema":{"type":"string"}}"""));

        // The body says it not: it is the only way.
        Assert.Contains("[Header(\"Idempotency-Key\")] string? idempotencyKey = null", Write(description), StringComparison.Ordinal);
        foreach (var one in (JsonNode[])[description, without])
            At(one, Thing + "/properties")["id"] = JsonNode.Parse("""{"type":"string","format":"uuid"}""");
        Assert.Equal(Write(without), Write(description));
    }

    [Fact]
    public void What_may_be_had_in_several_forms_is_one_call_a_form_and_no_parameter()
    {
        var description = Description();
        At(description, Parameters).AsArray().Add(JsonNode.Parse("""{"name":"format","in":"query","schema":{"type":"string"}}"""));
        Assert.Contains("[Query] string? format = null", Write(description), StringComparison.Ordinal);

        At(description, Success)["application/pdf"] = JsonNode.Parse("""{"schema":{"type":"string","format":"binary"}}""");
        At(description, Success)["text/csv"] = JsonNode.Parse("""{"schema":{"type":"string"}}""");
        var written = Write(description);

        Assert.DoesNotContain("format", written, StringComparison.Ordinal);
        Assert.Contains("Task<Thing> DoAsync(", written, StringComparison.Ordinal);
        Assert.Contains("[Headers(\"Accept: application/pdf, application/problem+json\")]\n    [Post(\"/api/things/{id}\")]\n    Task<HttpResponseMessage> DoAsPdfAsync(", written, StringComparison.Ordinal);
        Assert.Contains("[Headers(\"Accept: text/csv, application/problem+json\")]\n    [Post(\"/api/things/{id}\")]\n    Task<HttpResponseMessage> DoAsCsvAsync(", written, StringComparison.Ordinal);
    }

    [Fact]
    public void A_table_of_the_same_lines_is_sent_as_a_list()
    {
        var description = Description();
        foreach (var type in (string[])["application/json", "text/csv"])
            At(description, Content)[type] = JsonNode.Parse("""{"schema":{"type":"array","items":{"$ref":"#/components/schemas/Thing"}}}""");

        Assert.Contains("[Body] IReadOnlyList<Thing> request", Write(description), StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_be_absent_may_be_null_whatever_it_is()
    {
        var written = Write(Description());

        Assert.Contains("public required string Name { get; init; }", written, StringComparison.Ordinal);
        Assert.Contains("public bool? Loud { get; init; }", written, StringComparison.Ordinal);
        Assert.Contains("public int? Count { get; init; }", written, StringComparison.Ordinal);
        Assert.Contains("public IReadOnlyList<string>? Others { get; init; }", written, StringComparison.Ordinal);
    }

    [Theory]
    // Where a parameter is, and what it is.
    [InlineData(Parameters, """{"name":"place","in":"cookie","schema":{"type":"string"}}""")]
    [InlineData(Parameters, """{"name":"place","in":"path","required":true,"schema":{"type":"string"}}""")]
    [InlineData(Parameters, """{"name":"Idempotency-Key","in":"header","required":true,"schema":{"type":"array","items":{"type":"string"}}}""")]
    [InlineData(Parameters, """{"name":"on","in":"query","schema":{"type":"string","format":"date"}}""")]
    [InlineData(Parameters, """{"name":"loud","in":"query","schema":{"type":"boolean"}}""")]
    [InlineData(Parameters, """{"name":"ids","in":"query","schema":{"type":"array","items":{"type":"string"}}}""")]
    [InlineData(Parameters, """{"name":"after","in":"query","style":"spaceDelimited","schema":{"type":"string"}}""")]
    [InlineData(Parameters, """{"name":"reading-room","in":"query","schema":{"type":"string"}}""")]
    [InlineData(Parameters, """{"name":"After","in":"query","schema":{"type":"string"}}""")]
    [InlineData(Parameters, """{"$ref":"#/components/parameters/Place"}""")]
    // What an operation is.
    [InlineData("paths//api/things/{id}", """{"parameters":[]}""")]
    [InlineData("paths//api/things/{id}/post", """{"deprecated":true}""")]
    [InlineData("paths//api/things/{id}/post/requestBody", """{"required":false}""")]
    [InlineData(Content, """{"text/csv":{}}""")]
    [InlineData("paths//api/things/{id}/post/responses", """{"201":{"description":"Made"}}""")]
    [InlineData(Success, """{"application/pdf":{}}""")]
    [InlineData(Success, """{"text/csv":{"schema":{"$ref":"#/components/schemas/Thing"}}}""")]
    [InlineData(Success, """{"text/html":{"schema":{"type":"string"}}}""")]
    // What a type is.
    [InlineData(Thing, """{"additionalProperties":{"type":"string"}}""")]
    [InlineData(Thing, """{"allOf":[]}""")]
    [InlineData(Thing, """{"type":"array"}""")]
    [InlineData(Thing + "/properties", """{"weight":{"type":"number","format":"double"}}""")]
    [InlineData(Thing + "/properties", """{"weight":{"type":["integer","boolean"],"format":"int32"}}""")]
    [InlineData(Thing + "/properties", """{"weight":{"type":"integer"}}""")]
    [InlineData(Thing + "/properties", """{"link":{"type":"string","format":"email"}}""")]
    [InlineData(Thing + "/properties", """{"any":{}}""")]
    [InlineData(Thing + "/properties", """{"either":{"oneOf":[{"type":"string"},{"type":"boolean"}]}}""")]
    [InlineData(Thing + "/properties", """{"either":{"anyOf":[{"type":"null"},{"type":"string"}]}}""")]
    [InlineData(Thing + "/properties", """{"fixed":{"type":"string","const":"x"}}""")]
    [InlineData(Thing + "/properties", """{"kind":{"type":"string","enum":["a"]}}""")]
    [InlineData(Thing + "/properties", """{"some-thing":{"type":"string"}}""")]
    [InlineData(Thing + "/properties", """{"Big":{"type":"string"}}""")]
    [InlineData("components/schemas/Kind", """{"type":"integer"}""")]
    [InlineData("components/schemas/Kind", """{"enum":["not-a-name"]}""")]
    public void What_is_not_known_stops_it(string place, string added)
    {
        var description = Description();
        var (node, more) = (At(description, place), JsonNode.Parse(added)!);
        if (node is JsonArray array)
        {
            array.Add(more);
        }
        else
        {
            foreach (var (name, value) in more.AsObject())
                node[name] = value?.DeepClone();
        }

        Assert.Throws<NotSupportedException>(() => Write(description));
    }

    private static string Write(JsonNode description) => new ClientWriting(description).Interface("IThings", "Things.", ("POST", "/api/things/{id}", "Do")).ToString();

    /// <summary>By the names on the way; a path's own slashes are after an empty one.</summary>
    private static JsonNode At(JsonNode description, string place)
    {
        var node = description;
        foreach (var name in place.Replace("/api/things/{id}", "~", StringComparison.Ordinal).Split('/').Select(name => name.Replace("~", "/api/things/{id}", StringComparison.Ordinal)))
            node = node[name]!;
        return node;
    }

    private static JsonNode Description() => JsonNode.Parse("""
        {
          "paths": {
            "/api/things/{id}": {
              "post": {
                "operationId": "Do", "summary": "Does.",
                "parameters": [
                  { "name": "id", "in": "path", "required": true, "schema": { "type": "string", "format": "uuid" } },
                  { "name": "after", "in": "query", "schema": { "type": "string" } },
                  { "name": "from", "in": "query", "required": true, "schema": { "type": ["integer", "string"], "format": "int32", "pattern": "^[0-9]+$", "default": 20 } }
                ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } },
                "responses": { "200": { "description": "Done", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } } }, "400": { "description": "Not" } }
              }
            }
          },
          "components": {
            "schemas": {
              "Thing": {
                "type": "object", "required": ["name"],
                "properties": {
                  "name": { "type": "string" },
                  "loud": { "type": "boolean" },
                  "count": { "type": ["integer", "string"], "format": "int32" },
                  "others": { "type": "array", "items": { "type": "string" } },
                  "kind": { "$ref": "#/components/schemas/Kind" },
                  "parent": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Thing" }] }
                }
              },
              "Kind": { "enum": ["big", "small"] }
            }
          }
        }
        """)!;
}
