using System.Collections.Concurrent;
using System.Security.Cryptography;
using Cdr.Bench.Figures;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Npgsql;
using StackExchange.Redis;

namespace Cdr.Bench.Floors;

/// <summary>
/// The two floors. A: a bare Kestrel endpoint doing one Redis GET of the same bytes. B: the least hand-written code that keeps the
/// promise: A plus a cached token check, the session read, opening and sealing the body, and one journal row of the same size by COPY
/// in group commits.
/// </summary>
internal static class FloorServer
{
    /// <summary>Length of the nonce and of the tag of a sealed value.</summary>
    public const int Nonce = 12;

    private const int Tag = 16;

    public static async Task RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var redis = (await ConnectionMultiplexer.ConnectAsync(Setting("FLOOR_REDIS"))).GetDatabase();
        var tokens = new ConcurrentDictionary<string, bool>(StringComparer.Ordinal) { ["Bearer " + Setting("FLOOR_TOKEN")] = true };
        var session = Setting("FLOOR_SESSION");
        var key = RandomNumberGenerator.GetBytes(32);
        await using var postgres = NpgsqlDataSource.Create(Setting("FLOOR_POSTGRES"));
        await using var journal = await FloorJournal.StartAsync(postgres);

        app.MapGet("/health/live", () => "alive");
        // Prepares: the same answer under many keys, plain for A and sealed for B, and the size of the row to write.
        app.MapPost("/prepare/{count:int}/{row:int}", async (HttpContext http, int count, int row) =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            journal.RowBytes = row;
            for (var i = 0; i < count; i++)
            {
                await redis.StringSetAsync("a" + i, body.ToArray());
                await redis.StringSetAsync("b" + i, Seal(key, body.ToArray()));
            }

            await redis.StringSetAsync(session, "1");
        });
        app.MapPost("/a", async http =>
        {
            byte[] value = (await redis.StringGetAsync("a" + http.Request.Headers["X-Key"]))!;
            await WriteAsync(http, value);
        });
        app.MapPost("/b", async http =>
        {
            if (!tokens.ContainsKey(http.Request.Headers.Authorization.ToString()))
            {
                http.Response.StatusCode = 401;
                return;
            }

            var alive = redis.StringGetAsync(session);
            byte[] value = (await redis.StringGetAsync("b" + http.Request.Headers["X-Key"]))!;
            if (await alive != "1")
            {
                http.Response.StatusCode = 401;
                return;
            }

            var body = Open(key, value);
            await journal.AppendAsync(Seal(key, body));
            await WriteAsync(http, body);
        });
        // What one writes first: all seventeen, and wait for the last.
        var requests = RegimeRequests.All(new Uri(Setting("FLOOR_SIMULATOR")), DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().DateTime));
        using var http = new HttpClient(new SocketsHttpHandler());
        app.MapPost("/naive", async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var nir = await reader.ReadToEndAsync();
            var answers = await Task.WhenAll(requests.Select(async make =>
            {
                using var request = make(nir);
                using var response = await http.SendAsync(request);
                return await response.Content.ReadAsByteArrayAsync();
            }));
            foreach (var answer in answers)
                await context.Response.Body.WriteAsync(answer);
        });
        await app.RunAsync();
    }

    private static Task WriteAsync(HttpContext http, byte[] body)
    {
        http.Response.ContentType = "application/json; charset=utf-8";
        http.Response.ContentLength = body.Length;
        return http.Response.Body.WriteAsync(body).AsTask();
    }

    private static byte[] Seal(byte[] key, byte[] plain)
    {
        var box = new byte[Nonce + plain.Length + Tag];
        RandomNumberGenerator.Fill(box.AsSpan(0, Nonce));
        using var aes = new AesGcm(key, Tag);
        aes.Encrypt(box.AsSpan(0, Nonce), plain, box.AsSpan(Nonce, plain.Length), box.AsSpan(Nonce + plain.Length));
        return box;
    }

    private static byte[] Open(byte[] key, byte[] box)
    {
        var plain = new byte[box.Length - Nonce - Tag];
        using var aes = new AesGcm(key, Tag);
        aes.Decrypt(box.AsSpan(0, Nonce), box.AsSpan(Nonce, plain.Length), box.AsSpan(Nonce + plain.Length), plain);
        return plain;
    }

    private static string Setting(string name) => Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException(name + " is not set.");
}
