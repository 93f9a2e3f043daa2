using System.Buffers.Text;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Tests.Features;

public sealed class TicketTests(PrintedCards cards) : IDisposable
{
    private readonly SessionsHost host = new(cards);

    [Fact]
    public async Task A_challenge_is_thirty_two_fresh_bytes()
    {
        var challenges = new List<Challenge>();
        for (var time = 0; time < 20; time++)
            challenges.Add(await new TestAgent(host).ChallengeAsync());
        Assert.All(challenges, challenge => Assert.Equal(32, Base64Url.DecodeFromChars(challenge.Nonce).Length));
        Assert.Equal(challenges.Count, challenges.Select(challenge => challenge.Nonce).Distinct().Count());
        Assert.All(challenges, challenge => Assert.InRange(challenge.ExpiresAt - host.Clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(120)));
    }

    [Fact]
    public async Task A_challenge_is_good_for_two_minutes()
    {
        var agent = new TestAgent(host);
        using var card = host.Cards.Authentication("cps-infirmier");
        var answer = await agent.AnswerAsync(card);
        host.Clock.Advance(TimeSpan.FromSeconds(120));
        Assert.Equal("challenge-expired", (await agent.PostAsync<Opening>("/api/sessions/openings", answer)).Code);
    }

    [Fact]
    public async Task A_ticket_is_good_for_thirty_seconds()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("ticket-expired", (await agent.RedeemAsync(opening.Ticket)).Code);
    }

    [Fact]
    public async Task A_ticket_is_redeemed_once()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        Assert.Equal(200, (await agent.RedeemAsync(opening.Ticket)).Status);
        Assert.Equal("ticket-used", (await agent.RedeemAsync(opening.Ticket)).Code);
    }

    [Fact]
    public async Task Of_two_redemptions_at_once_one_succeeds()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => agent.RedeemAsync(opening.Ticket)));
        Assert.Single(answers, answer => answer.Status == 200);
    }

    [Fact]
    public async Task A_ticket_is_spent_with_its_session_or_not_at_all()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        await host.InStoreAsync(db => db.Database.ExecuteSqlRawAsync("CREATE TRIGGER no_session BEFORE INSERT ON sessions BEGIN SELECT RAISE(ABORT, 'no session'); END"));
        Assert.Equal(500, (await agent.RedeemAsync(opening.Ticket)).Status);
        await host.InStoreAsync(db => db.Database.ExecuteSqlRawAsync("DROP TRIGGER no_session"));
        Assert.Equal(200, (await agent.RedeemAsync(opening.Ticket)).Status);
    }

    [Fact]
    public async Task A_guessed_ticket_is_unknown() => Assert.Equal("ticket-unknown", (await new TestAgent(host).RedeemAsync("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")).Code);

    [Fact]
    public async Task With_several_activities_one_is_to_be_chosen_and_the_ticket_stays_good()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-medecin")).Value;
        Assert.Equal(8, opening.Activities.Count);
        var asked = await agent.RedeemAsync(opening.Ticket);
        Assert.Equal((409, "activity-required"), (asked.Status, asked.Code));
        var grant = (await agent.RedeemAsync(opening.Ticket, opening.Activities[3].Id)).Value;
        Assert.Equal(opening.Activities[3], grant.Activity);
    }

    [Fact]
    public async Task Whoever_has_several_activities_has_two_minutes_to_choose_and_asking_again_gains_none()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-medecin")).Value;
        Assert.Equal("activity-required", (await agent.RedeemAsync(opening.Ticket)).Code);
        host.Clock.Advance(TimeSpan.FromSeconds(110));
        Assert.Equal("activity-required", (await agent.RedeemAsync(opening.Ticket)).Code);
        Assert.Equal(200, (await agent.RedeemAsync(opening.Ticket, opening.Activities[3].Id)).Status);

        var late = (await agent.OpenAsync("cps-medecin")).Value;
        for (var time = 0; time < 6; time++)
        {
            Assert.Equal("activity-required", (await agent.RedeemAsync(late.Ticket)).Code);
            host.Clock.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal("ticket-expired", (await agent.RedeemAsync(late.Ticket, late.Activities[3].Id)).Code);
        // Who never said that a choice is under way has the thirty seconds of everybody.
        var unasked = (await agent.OpenAsync("cps-medecin")).Value;
        host.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal("ticket-expired", (await agent.RedeemAsync(unasked.Ticket)).Code);
    }

    [Fact]
    public async Task Somebody_elses_activity_is_refused_and_the_ticket_stays_good()
    {
        var agent = new TestAgent(host);
        var foreign = (await agent.OpenAsync("cpa-administrateur")).Value.Activities[0].Id;
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        Assert.Equal("activity-unknown", (await agent.RedeemAsync(opening.Ticket, foreign)).Code);
        Assert.Equal(200, (await agent.RedeemAsync(opening.Ticket)).Status);
    }

    [Fact]
    public async Task Neither_ticket_nor_renewal_secret_is_in_the_database()
    {
        var agent = new TestAgent(host);
        var opening = (await agent.OpenAsync("cps-infirmier")).Value;
        var grant = (await agent.RedeemAsync(opening.Ticket)).Value;
        var files = Directory.EnumerateFiles(host.Folder, "sessions.db*").Select(file =>
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
            return reader.ReadToEnd();
        }).ToList();
        Assert.NotEmpty(files);
        foreach (var secret in new[] { opening.Ticket, grant.Renewal, "81990000226", "Quenelle" })
            Assert.All(files, file => Assert.DoesNotContain(secret, file, StringComparison.Ordinal));
    }

    public void Dispose() => host.Dispose();
}
