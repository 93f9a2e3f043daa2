using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Cdr.Contracts.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Cdr.Support.Tests.Doubles;

/// <summary>What Support asks of Rights, over HTTP: a clerk's answers with the clerk's token, their proof with the service's.</summary>
internal sealed class RightsDouble : IAsyncDisposable
{
    private readonly WebApplication app;

    private RightsDouble()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Use(async (context, next) =>
        {
            if (Silent)
                context.Abort();
            else
                await next(context);
        });
        app.MapGet("/api/consultations/{id:guid}", (Guid id, HttpRequest request) => Find(id, request) is { } bytes ? Results.Bytes(bytes, "application/json") : Results.NotFound());
        app.MapPost("/api/consultations/{id:guid}/uses", (Guid id, ConsultationUse use, HttpRequest request) =>
        {
            if (use.Use != "ticket" || Find(id, request) is null)
                return Results.NotFound();
            Used.Add(id);
            return Results.NoContent();
        });
        app.MapGet("/api/regimes", (HttpRequest request) => Token(request) is null ? Results.Unauthorized() : Results.Json(new[] { Regime("test-regime", "01"), Regime("other-regime", "02") }));
        app.MapGet("/internal/consultations/{id:guid}/proof", (Guid id, HttpRequest request) =>
            Token(request) is { Subject: "support" } && Kept.TryGetValue(id, out var kept) ? Results.Json(new AnswerProof(Proof(ProofOf ?? id), ProofOf ?? id, SHA256.HashData(Proven ?? kept.Bytes), 1, [4])) : Results.NotFound());
        app.MapPost("/internal/consultations/{id:guid}/readings", (Guid id, EvidenceReading reading, HttpRequest request) =>
        {
            if (NotesWith is { } status)
                return Results.StatusCode(status);
            if (Token(request) is not { Subject: "support" })
                return Results.Forbid();
            if (!Kept.ContainsKey(id))
                return Results.StatusCode(StatusCodes.Status410Gone);
            Noted.Enqueue((id, reading));
            return Results.NoContent();
        });
    }

    /// <summary>Who was named to the journal before something of a ticket was shown to them.</summary>
    public ConcurrentQueue<(Guid Consultation, EvidenceReading By)> Noted { get; } = [];

    /// <value>What a reading is answered with instead: 404 of a version that does not know of readings, 503 of a journal that is silent.</value>
    public int? NotesWith { get; set; }

    /// <summary>Consultations of an establishment.</summary>
    public ConcurrentDictionary<Guid, (string Establishment, byte[] Bytes)> Kept { get; } = [];

    public ConcurrentBag<Guid> Used { get; } = [];

    /// <summary>Bytes that the journal proves instead.</summary>
    public byte[]? Proven { get; set; }

    /// <summary>Whose record it proves instead.</summary>
    public Guid? ProofOf { get; set; }

    public bool Silent { get; set; }

    public string Address => app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();

    public static async Task<RightsDouble> StartAsync()
    {
        var rights = new RightsDouble();
        await rights.app.StartAsync(TestContext.Current.CancellationToken);
        return rights;
    }

    public static InclusionProof Proof(Guid id) =>
        new(InclusionProof.Current, [.. id.ToByteArray(bigEndian: true), .. Encoding.UTF8.GetBytes("record " + id)], new ProofBatch(id, 1, 0, 1, Answers.At, [1], 1, [2], [3]), null, null);

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private static RegimeInfo Regime(string id, string code) => new()
    {
        Id = id, Name = id, ShortName = id, Codes = [code], SearchByName = true, PastDates = true, WorkAccidents = false, Health = "up", Since = Answers.At, ClosedDaily = [],
    };

    private byte[]? Find(Guid id, HttpRequest request) =>
        Kept.TryGetValue(id, out var kept) && Token(request) is { } token && token.TryGetValue("finess", out string? finess) && finess == kept.Establishment ? kept.Bytes : null;

    private static JsonWebToken? Token(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.Ordinal) ? new JsonWebToken(header[7..]) : null;
}
