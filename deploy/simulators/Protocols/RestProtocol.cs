using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Cdr.RegimeSimulator.Protocols;

/// <summary>JSON over HTTP: docs/regime-protocols.md, "rest".</summary>
internal sealed class RestProtocol(Vocabulary vocabulary) : IWireProtocol
{
    private const string ContentType = "application/json; charset=utf-8";

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public string Path => "droits";

    public Rendered Truncated => Fixed($$"""{"{{vocabulary[Member.Statut]}}":"{{vocabulary.Status(new Reply.Unknown())}}","{{vocabulary[Member.Dossier]}}":{"{{vocabulary[Member.Assure]}}":{"{{vocabulary[Member.Nom]}}":"MAR""");

    public Rendered WrongSchema => Fixed("""{"resultat":"OK","lignes":[],"total":0}""");

    public Reading Read(HttpRequest request, byte[] body)
    {
        if (!ContentTypes.Is(request, "application/json", "utf-8"))
            return Reading.Refused("TYPE_CONTENU", "Le corps attendu est application/json en UTF-8.");
        try
        {
            return ReadMembers(body);
        }
        catch (JsonException)
        {
            return NotRead;
        }
    }

    public Rendered Write(Reply reply, Exchange exchange)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Writing))
        {
            var body = new AnswerBody(new JsonSink(writer, vocabulary), vocabulary);
            writer.WriteStartObject();
            if (vocabulary.Unknown == "empty" && reply is Reply.Found { SaysUnknown: false } or Reply.Unknown)
                WriteFiles(writer, body, reply as Reply.Found);
            else
                body.Write(reply);
            writer.WriteEndObject();
        }

        return new Rendered(StatusOf(reply), ContentType, buffer.WrittenMemory);
    }

    private static Reading NotRead => Reading.Refused("REQUETE", "Le corps n'est pas le JSON attendu.");

    private static Rendered Fixed(string text) => new(StatusCodes.Status200OK, ContentType, Encoding.UTF8.GetBytes(text));

    private Reading ReadMembers(byte[] body)
    {
        var fields = new AskedFields(vocabulary);
        var reader = new Utf8JsonReader(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return NotRead;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            reader.Read();
            // The birth rank is the one number, everything else is text.
            var isRank = name == vocabulary[Member.RangNaissance];
            var value = reader.TokenType switch
            {
                JsonTokenType.String when !isRank => reader.GetString(),
                JsonTokenType.Number when isRank && reader.TryGetInt32(out var number) => AskedFields.Text(number),
                _ => null,
            };
            if (value is null || !fields.TryAdd(name, value))
                return Reading.Refused("REQUETE", "Un membre de la demande est inconnu, répété ou d'un autre type.");
        }

        // Anything after the object is an error of the reader's own.
        return reader.TokenType == JsonTokenType.EndObject && !reader.Read() ? fields.Read() : NotRead;
    }

    private void WriteFiles(Utf8JsonWriter writer, AnswerBody body, Reply.Found? found)
    {
        writer.WriteStartArray(vocabulary.Json(Member.Dossiers));
        if (found is not null)
        {
            writer.WriteStartObject();
            body.WriteFile(found);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private int StatusOf(Reply reply) => reply switch
    {
        Reply.Unknown when vocabulary.Unknown == "not-found" => StatusCodes.Status404NotFound,
        Reply.Closed => StatusCodes.Status503ServiceUnavailable,
        Reply.Refused => StatusCodes.Status400BadRequest,
        _ => StatusCodes.Status200OK,
    };
}
