using Cdr.Contracts.Sessions;
using Cdr.Sessions.Tests.Hosts;
using Cdr.Testing;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Tests.Features;

public sealed class TermsTests(PrintedCards cards) : IDisposable
{
    private const string Card = "cps-infirmier";
    private readonly TestFolder folder = new("terms");

    [Fact]
    public async Task Terms_are_accepted_once_a_version_with_time_to_read_them()
    {
        using var host = Host("2026-01");
        var agent = new TestAgent(host);
        Assert.Equal(new TermsOfUse("2026-01", "Conditions de 2026-01."), await host.Api.TermsAsync(TestContext.Current.CancellationToken));
        var opening = (await agent.OpenAsync(Card)).Value;
        var asked = await agent.RedeemAsync(opening.Ticket);
        Assert.Equal((409, "terms-required"), (asked.Status, asked.Code));
        Assert.Contains("\"version\":\"2026-01\"", asked.Body, StringComparison.Ordinal);
        host.Clock.Advance(TimeSpan.FromMinutes(9));
        Assert.Equal("terms-required", (await AcceptAsync(agent, opening, "2025-01")).Code);
        Assert.Equal(200, (await AcceptAsync(agent, opening, "2026-01")).Status);
        Assert.Equal("ticket-used", (await AcceptAsync(agent, opening, "2026-01")).Code);

        Assert.Equal(200, (await agent.RedeemAsync((await agent.OpenAsync(Card)).Value.Ticket)).Status);
        Assert.Equal("terms-required", (await agent.RedeemAsync((await agent.OpenAsync("cpe-admissions-nord")).Value.Ticket)).Code);
        Assert.Equal(1, await host.InStoreAsync(db => db.TermsAcceptances.CountAsync()));
    }

    [Fact]
    public async Task Nobody_reads_for_ever()
    {
        using var host = Host("2026-01");
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync(Card)).Value;
        Assert.Equal("terms-required", (await agent.RedeemAsync(opening.Ticket)).Code);
        host.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("ticket-expired", (await AcceptAsync(agent, opening, "2026-01")).Code);
    }

    [Fact]
    public async Task Asking_again_gains_no_time_and_a_refusal_spends_the_ticket()
    {
        using var host = Host("2026-01");
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync(Card)).Value;
        for (var minute = 0; minute < 10; minute++)
        {
            Assert.Equal("terms-required", (await agent.RedeemAsync(opening.Ticket)).Code);
            host.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal("ticket-expired", (await AcceptAsync(agent, opening, "2026-01")).Code);

        var again = (await agent.OpenAsync(Card)).Value;
        Assert.Equal("terms-required", (await agent.RedeemAsync(again.Ticket)).Code);
        await host.Api.WithdrawAsync(new WithdrawalRequest(again.Ticket), TestContext.Current.CancellationToken);
        Assert.Equal("ticket-used", (await AcceptAsync(agent, again, "2026-01")).Code);
        Assert.Equal(0, await host.InStoreAsync(db => db.TermsAcceptances.CountAsync()));
    }

    [Fact]
    public async Task Accepted_on_two_posts_at_once_both_open_and_one_acceptance_is_kept()
    {
        using var host = Host("2026-01");
        var (one, other) = (new TestAgent(host), new TestAgent(host) { OsSession = "os-session-2" });
        var (first, second) = ((await one.OpenAsync(Card)).Value, (await other.OpenAsync(Card)).Value);
        await one.RedeemAsync(first.Ticket);
        await other.RedeemAsync(second.Ticket);
        var answers = await Task.WhenAll(AcceptAsync(one, first, "2026-01"), AcceptAsync(other, second, "2026-01"));
        Assert.All(answers, answer => Assert.Equal(200, answer.Status));
        var kept = Assert.Single(await host.InStoreAsync(db => db.TermsAcceptances.ToListAsync()));
        Assert.Equal(host.Clock.GetUtcNow(), kept.AcceptedAt, TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task Without_a_version_there_is_nothing_to_accept()
    {
        using var host = new SessionsHost(cards);
        Assert.Equal(new TermsOfUse(null, ""), await host.Api.TermsAsync(TestContext.Current.CancellationToken));
        Assert.NotNull(await new TestAgent(host).SignInAsync(Card));
    }

    public void Dispose() => folder.Dispose();

    private static Task<Answer<SessionGrant>> AcceptAsync(TestAgent agent, Opening opening, string version) =>
        agent.PostAsync<SessionGrant>("/api/sessions", new RedemptionRequest(opening.Ticket, null, version));

    private SessionsHost Host(string version)
    {
        var file = folder.File("terms.txt");
        File.WriteAllText(file, $"Conditions de {version}.");
        return new SessionsHost(cards, [new("Sessions:Terms:Version", version), new("Sessions:Terms:File", file)]);
    }
}
