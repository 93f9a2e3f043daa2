namespace Cdr.Client;

/// <summary>What is given as a file: whole, or not at all.</summary>
public static class CdrFiles
{
    /// <summary>A statement that was made (<see cref="IRightsApi.MakeStatementAsync"/>), as PDF. A refusal is a <see cref="CdrProblemException"/>.</summary>
    /// <exception cref="HttpRequestException">The connection was lost.</exception>
    public static Task<byte[]> StatementPdfAsync(this IRightsApi rights, Guid consultation, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rights);
        return WholeAsync(rights.ReadStatementAsPdfAsync(consultation, cancellationToken), "application/pdf", cancellationToken);
    }

    /// <summary>The results of a file of questions so far, as the CSV that the pages give (UTF-8, semicolons). A refusal is a <see cref="CdrProblemException"/>.</summary>
    /// <exception cref="HttpRequestException">The connection was lost.</exception>
    public static Task<byte[]> BatchCsvAsync(this IRightsApi rights, Guid batch, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(rights);
        return WholeAsync(rights.ReadBatchAsCsvAsync(batch, cancellationToken: cancellationToken), "text/csv", cancellationToken);
    }

    private static async Task<byte[]> WholeAsync(Task<HttpResponseMessage> file, string type, CancellationToken cancellationToken)
    {
        using var response = await file.ConfigureAwait(false);
        if (await CdrProblemException.OfAsync(response).ConfigureAwait(false) is { } refused)
            throw refused;
        if (response.Content.Headers.ContentType?.MediaType != type)
            throw CdrProblemException.Unreadable(response.StatusCode);
        return await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
    }
}
