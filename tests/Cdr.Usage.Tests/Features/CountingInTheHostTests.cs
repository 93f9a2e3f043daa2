using Cdr.Contracts.Sessions;
using Cdr.Testing;
using Cdr.Usage.Tests.Doubles;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Usage.Tests.Features;

public sealed class CountingInTheHostTests : HostTests
{
    private static readonly Guid Journal = Guid.CreateVersion7(Facts.Noon);

    [Fact]
    public async Task A_told_batch_is_counted()
    {
        await Host.Services.GetRequiredService<IBus>().Publish(Facts.Batch(Journal, 1, Facts.One()), Cancel);

        await UntilAsync("the batch is counted", 1);
    }

    [Fact]
    public async Task Whatever_rights_wrote_before_the_start_is_counted_at_the_start()
    {
        Rights.Journals.Write(Facts.Journal(Journal, 4));

        await UntilAsync("the journal is counted", 10);
    }

    [Fact]
    public async Task A_lost_message_of_a_journal_that_falls_silent_is_counted_at_the_next_comparison()
    {
        using var client = Host.ClientOf(null);
        Assert.True(await Rights.Journals.HeadsAsked.WaitAsync(TimeSpan.FromSeconds(90), Cancel));
        Rights.Journals.Write(Facts.Journal(Journal, 3));

        await UntilAsync("the journal is counted", 6, () => Clock.Advance(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Rights_silent_at_the_start_is_asked_again()
    {
        Rights.Journals.Silent = true;
        using var client = Host.ClientOf(null);
        Rights.Journals.Write(Facts.Journal(Journal, 2));
        await UntilAsync("nothing can be counted", 0);
        Rights.Journals.Silent = false;

        await UntilAsync("the journal is counted", 3, () => Clock.Advance(TimeSpan.FromSeconds(30)));
    }

    private Task UntilAsync(string what, long consultations, Action? meanwhile = null) => Deadline.UntilAsync(what, TimeSpan.FromSeconds(90), async () =>
    {
        meanwhile?.Invoke();
        var rows = await Api(Token(CdrRoles.Operations)).DailyAsync(null, null, Cancel);
        return rows.Sum(row => row.Consultations) == consultations;
    }, Cancel);
}
