namespace Cdr.Rights.Regimes;

/// <summary>Asks one regime in its protocol.</summary>
internal interface IRegimeConnector
{
    /// <summary>Never throws but for the cancellation that the caller asked for: every failure is an answer.</summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    Task<RegimeAnswer> AskAsync(RegimeQuestion question, CancellationToken cancellationToken);
}
