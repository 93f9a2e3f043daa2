using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Refit;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>JSON over HTTP: <c>docs/regime-protocols.md</c>, <c>rest</c>.</summary>
internal sealed class RestRegime(
    RegimeRow regime, RegimeRegistry registry, IHttpClientFactory clients, ILogger<RestRegime> logger)
    : RegimeConnector(regime, logger)
{
    // Made once: its making costs more than what it says.
    private static readonly RefitSettings Settings = new();

    private readonly AnswerReading reading = new(regime, registry);
    private readonly WireNames names = new(regime.Dialect.Names!.Value);
    private readonly WireDates dates = new(regime.Dialect.Dates!.Value);

    protected override Task<HttpResponseMessage> SendAsync(RegimeQuestion question, CancellationToken cancellationToken) =>
        // Not injected: of two clients of one interface the last registered wins, and one regime's patients would be asked of another.
        RestService.ForGenerated<IRestRegimeApi>(clients.CreateClient(RegimeHttpClients.NameOf(Regime.Id)), Settings)
            .AskAsync(Content(question), RegimeHeaders.Of(question), cancellationToken);

    protected override bool Accepts(MediaTypeHeaderValue contentType) =>
        Is(contentType, "utf-8", "application/json");

    protected override RegimeAnswer Read(HttpStatusCode status, byte[] body)
    {
        var answer = JsonTree.Read(body, names);
        var saysUnknown = Regime.Dialect.Unknown;
        if (saysUnknown == UnknownStyle.Empty && status == HttpStatusCode.OK && answer.Optional("statut") is null)
            return OfFiles(answer.Only("dossiers", "dossiers"));

        return reading.Read(answer, status, (saysUnknown, status) is
            (UnknownStyle.Status, HttpStatusCode.OK) or (UnknownStyle.NotFound, HttpStatusCode.NotFound));
    }

    private RegimeAnswer OfFiles(WireNode answer) => answer.List("dossiers") switch
    {
        [] => new RegimeAnswer.Unknown(),
        [var file] => reading.Found(file),
        _ => throw new UnreadableAnswerException("dossiers"),
    };

    private ByteArrayContent Content(RegimeQuestion question)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in QuestionMembers.Of(question, dates))
            {
                json.WritePropertyName(names.Wire(name));
                if (name == QuestionMembers.BirthRank)
                    json.WriteRawValue(value);
                else
                    json.WriteStringValue(value);
            }

            json.WriteEndObject();
        }

        return new ByteArrayContent(buffer.ToArray()) { Headers = { ContentType = new("application/json", "utf-8") } };
    }
}
