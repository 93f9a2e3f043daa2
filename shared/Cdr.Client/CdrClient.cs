using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Refit;

namespace Cdr.Client;

/// <summary>Where a hospital's software begins.</summary>
public static class CdrClient
{
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly RefitSettings Settings = new()
    {
        ContentSerializer = new SystemTextJsonContentSerializer(Json),
        ExceptionFactory = CdrProblemException.OfAsync,
        // Refit's own would carry the request: the question, and the token.
        TransportExceptionFactory = (_, exception, _) => exception,
        DeserializationExceptionFactory = (response, exception) => ValueTask.FromResult<Exception?>(Reading(exception, response.StatusCode)),
    };

    /// <summary>What a failure to read an answer is: the network's, which the same question sent again may not meet, or another version's.</summary>
    internal static Exception Reading(Exception failure, HttpStatusCode status) => failure switch
    {
        JsonException or NotSupportedException => CdrProblemException.Unreadable(status),
        // Once an answer has begun .NET says so by another type than before.
        IOException lost => new HttpRequestException((lost as HttpIOException)?.HttpRequestError ?? HttpRequestError.Unknown, "The connection was lost before the end of the answer.", lost),
        _ => failure,
    };

    /// <summary>Calls to CDR's door in the name of a software client, with a token that renews itself.</summary>
    /// <param name="door">CDR's public address.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="inner">The connection; with mutual TLS, one that holds the organisation's certificate.</param>
    /// <param name="clock">Default: the system's.</param>
    public static HttpClient Http(Uri door, SoftwareCredentials credentials, HttpMessageHandler? inner = null, TimeProvider? clock = null) =>
        new(new SoftwareTokenHandler(door, credentials, inner ?? Connection(), clock ?? TimeProvider.System)) { BaseAddress = door };

    // A redirection would carry the question to where nobody meant it; an address that moved is seen within five minutes.
    private static SocketsHttpHandler Connection() => new() { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) };

    /// <summary>The questions.</summary>
    /// <param name="http">Of <see cref="Http"/>, or any client that adds a token.</param>
    public static IRightsApi Rights(HttpClient http) => RestService.ForGenerated<IRightsApi>(http, Settings);

    /// <summary>The tokens, for who keeps them by other means.</summary>
    public static ISessionsApi Sessions(HttpClient http) => RestService.ForGenerated<ISessionsApi>(http, Settings);

    /// <summary>
    /// A consultation's id (UUIDv7), to be kept beside the question before it is sent: the same question sent again with it, after a
    /// lost connection, gets the stored answer and asks no regime twice.
    /// </summary>
    /// <param name="clock">Default: the system's.</param>
    public static Guid NewId(TimeProvider? clock = null)
    {
        Span<byte> bytes = stackalloc byte[16];
        RandomNumberGenerator.Fill(bytes[6..]);
        var milliseconds = (clock ?? TimeProvider.System).GetUtcNow().ToUnixTimeMilliseconds();
        for (var at = 0; at < 6; at++)
            bytes[at] = (byte)(milliseconds >> (40 - 8 * at));
        bytes[6] = (byte)(bytes[6] & 0x0F | 0x70);
        bytes[8] = (byte)(bytes[8] & 0x3F | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
}
