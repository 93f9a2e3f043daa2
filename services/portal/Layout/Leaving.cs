namespace Cdr.Portal.Layout;

/// <summary>
/// That a page was left. Its token may still be asked for then: a page that is left while it asks who is there goes on for a moment, and an
/// exception there would be shown on the page that was gone to.
/// </summary>
internal sealed class Leaving : IDisposable
{
    private readonly CancellationTokenSource source = new();

    public Leaving() => Token = source.Token;

    public CancellationToken Token { get; }

    public bool IsCancellationRequested => Token.IsCancellationRequested;

    public void Cancel() => source.Cancel();

    public void Dispose() => source.Dispose();
}
