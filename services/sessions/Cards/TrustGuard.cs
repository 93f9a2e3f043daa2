namespace Cdr.Sessions.Cards;

/// <summary>Stops a start that would trust whom this installation must not.</summary>
internal sealed class TrustGuard(TrustStore store) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken) =>
        store.Unfit() is { } why ? throw new InvalidOperationException($"{why} ({store.Folder})") : Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
