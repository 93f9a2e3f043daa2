namespace Cdr.Portal.Tickets;

/// <summary>What a page asks now. What it asked before is given up: its reply, however late, is of another address.</summary>
internal sealed class Latest : IDisposable
{
    private CancellationTokenSource now = new();

    /// <summary>Gives up what was asked before.</summary>
    public CancellationToken Next()
    {
        GiveUp();
        now.Dispose();
        now = new CancellationTokenSource();
        return now.Token;
    }

    public void GiveUp() => now.Cancel();

    public void Dispose()
    {
        now.Cancel();
        now.Dispose();
    }
}
