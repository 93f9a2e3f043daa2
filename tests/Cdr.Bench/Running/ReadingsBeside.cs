using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Bench.Load;
using Cdr.Contracts.Rights;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Cdr.Bench.Running;

/// <summary>In Rights' place: has each consultation with its proof, and notes who reads an answer, at once, so that what is measured is Support.</summary>
internal static class ReadingsBeside
{
    public static async Task<WebApplication> StartAsync()
    {
        ConcurrentDictionary<Guid, byte[]> kept = new();
        byte[] Answer(Guid id) => kept.GetOrAdd(id, one => JsonSerializer.SerializeToUtf8Bytes(TicketCountry.Answer(one), JsonSerializerOptions.Web));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.MapPost("/internal/consultations/{id:guid}/readings", () => Results.NoContent());
        app.MapPost("/api/consultations/{id:guid}/uses", () => Results.NoContent());
        app.MapGet("/api/consultations/{id:guid}", (Guid id) => Results.Bytes(Answer(id), "application/json"));
        app.MapGet("/internal/consultations/{id:guid}/proof", (Guid id) => Results.Json(Proof(id, Answer(id)), JsonSerializerOptions.Web));
        await app.StartAsync();
        return app;
    }

    /// <summary>Of the size that real ones have.</summary>
    public static AnswerProof Proof(Guid id, byte[] answer)
    {
        byte[] record = [.. id.ToByteArray(bigEndian: true), .. new byte[600]];
        var batch = new ProofBatch(id, 1, 0, 50, TimeProvider.System.GetUtcNow(), new byte[32], 1, new byte[64], new byte[192]);
        return new AnswerProof(new InclusionProof(InclusionProof.Current, record, batch, new ProofChain(9, new byte[512]), null), id, SHA256.HashData(answer), 1, new byte[64]);
    }
}
