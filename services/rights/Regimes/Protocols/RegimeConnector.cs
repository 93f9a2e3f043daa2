using System.Net;
using System.Net.Http.Headers;

namespace Cdr.Rights.Regimes.Protocols;

/// <summary>What the protocols have in common: the exchange, its limits, and that no failure leaves as an exception.</summary>
internal abstract partial class RegimeConnector(RegimeRow regime, ILogger logger) : IRegimeConnector
{
    /// <summary>Bytes. A file with every right is a hundredth of it.</summary>
    public const int LongestAnswer = 1024 * 1024;

    protected RegimeRow Regime { get; } = regime;

    public async Task<RegimeAnswer> AskAsync(RegimeQuestion question, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await SendAsync(question, cancellationToken);
            return response.StatusCode == HttpStatusCode.TooManyRequests
                ? new RegimeAnswer.Unavailable(UnavailableReason.Busy)
                : SamePerson.Checked(OneMeaning.Of(await ReadAsync(response, cancellationToken)), question.Subject);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new RegimeAnswer.Unavailable(UnavailableReason.Timeout);
        }
        catch (Exception broken) when (TransportError(broken) is { } error and not HttpRequestError.ConfigurationLimitExceeded)
        {
            Log.Failing(logger, Regime.Id.Value, error);
            return new RegimeAnswer.Unavailable(UnavailableReason.Failing);
        }
        catch (UnreadableAnswerException unreadable)
        {
            Log.Unreadable(logger, Regime.Id.Value, unreadable.Member);
            return new RegimeAnswer.Unavailable(UnavailableReason.Unreadable);
        }
        catch (Exception unforeseen)
        {
            // Parsers quote what they read in their messages: the type alone may be logged.
            Log.Unreadable(logger, Regime.Id.Value, unforeseen.GetType().Name);
            return new RegimeAnswer.Unavailable(UnavailableReason.Unreadable);
        }
    }

    /// <summary>Sends the question; the body of the response need not be read.</summary>
    protected abstract Task<HttpResponseMessage> SendAsync(RegimeQuestion question, CancellationToken cancellationToken);

    /// <summary>The answer of a whole body. Whatever it throws is an unreadable answer.</summary>
    protected abstract RegimeAnswer Read(HttpStatusCode status, byte[] body);

    /// <summary>Whether the protocol answers in this type of content.</summary>
    protected abstract bool Accepts(MediaTypeHeaderValue contentType);

    /// <summary>Neither the type nor its charset, which may be left out, minds case or quotes.</summary>
    protected static bool Is(MediaTypeHeaderValue contentType, string charset, params ReadOnlySpan<string> mediaTypes)
    {
        var said = contentType.CharSet?.Trim('"');
        if (said is not null && !said.Equals(charset, StringComparison.OrdinalIgnoreCase))
            return false;
        foreach (var one in mediaTypes)
            if (one.Equals(contentType.MediaType, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    // Refit wraps what the HTTP client throws.
    private static HttpRequestError? TransportError(Exception exception) =>
        (exception as HttpRequestException ?? exception.InnerException as HttpRequestException)?.HttpRequestError;

    private async Task<RegimeAnswer> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            if (response.Content.Headers.ContentType is not { } contentType || !Accepts(contentType))
                throw new UnreadableAnswerException("Content-Type");

            await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellationToken);
            return Read(response.StatusCode, await response.Content.ReadAsByteArrayAsync(cancellationToken));
        }
        catch (Exception exception) when (exception is not OperationCanceledException && (int)response.StatusCode >= 500)
        {
            // The regime says that it fails; that it says so in HTML changes nothing.
            Log.Failed(logger, Regime.Id.Value, (int)response.StatusCode);
            return new RegimeAnswer.Unavailable(UnavailableReason.Failing);
        }
        catch (HttpRequestException)
        {
            throw new UnreadableAnswerException("corps");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(2101, LogLevel.Warning, "Regime {Regime} cannot be reached: {Error}.")]
        public static partial void Failing(ILogger logger, string regime, HttpRequestError error);

        [LoggerMessage(2102, LogLevel.Warning, "Regime {Regime} failed with status {Status}.")]
        public static partial void Failed(ILogger logger, string regime, int status);

        [LoggerMessage(2103, LogLevel.Warning, "Regime {Regime} gave an answer that cannot be read, at {Member}.")]
        public static partial void Unreadable(ILogger logger, string regime, string member);
    }
}
