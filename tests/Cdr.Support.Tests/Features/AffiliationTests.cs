using System.Net;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Support;
using Cdr.Support.Tests.Doubles;

namespace Cdr.Support.Tests.Features;

/// <summary>Of an answer with several files, the one that is meant is contested.</summary>
public sealed class AffiliationTests : HostTests
{
    [Fact]
    public async Task The_ticket_goes_to_the_organism_of_the_file_that_was_compared()
    {
        var consultation = ConsultTwo();
        var report = await Clerk.CompareAsync(new DiscrepancyRequest { Consultation = consultation, Fields = new Dictionary<string, string> { ["givenName"] = "Anne", ["rightsEnd"] = "31/12/2028" } }, Cancel);
        Assert.Equal(["02594", "01751"], report.Files.Select(file => file.Organism));
        Assert.Equal("01751", Assert.Single(report.Files, file => file.IsCompared).Organism);
        Assert.Equal("01751", report.Ticket!.Organism);

        var ticket = await Clerk.OpenAsync(report.Ticket, Cancel);

        Assert.Equal("01751", (await TransferredAsync(ticket)).Organism);
    }

    [Fact]
    public async Task Whoever_reads_says_which_file_is_meant_and_it_is_one_of_the_answers()
    {
        var consultation = ConsultTwo();
        var request = new DiscrepancyRequest { Consultation = consultation, Organism = "02594", Fields = new Dictionary<string, string> { ["givenName"] = "Anne" } };
        var report = await Clerk.CompareAsync(request, Cancel);
        Assert.Equal((FieldVerdict.Different, "02594"), (Assert.Single(report.Fields).Verdict, report.Ticket!.Organism));
        Assert.Equal("organism-not-in-answer", await RefusedAsync(() => Clerk.CompareAsync(request with { Organism = "01671" }, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("organism-not-in-answer", await RefusedAsync(() => Clerk.OpenAsync(Inconsistent(consultation) with { Organism = "01671" }, Cancel), HttpStatusCode.BadRequest));
        Assert.Equal("organism-not-in-answer", await RefusedAsync(() => Clerk.OpenAsync(Technical() with { Organism = "01751" }, Cancel), HttpStatusCode.BadRequest));
    }

    [Fact]
    public async Task Where_nobody_said_which_file_it_is_asked_and_not_guessed()
    {
        var ticket = await Clerk.OpenAsync(Inconsistent(ConsultTwo()), Cancel);

        Assert.Equal("organism-missing", await RefusedAsync(() => TransferredAsync(ticket), HttpStatusCode.BadRequest));
        Assert.Equal("02594", (await MoveAsync(Hotline, ticket, TicketAction.Transfer, organism: "02594")).Organism);
    }

    private Guid ConsultTwo()
    {
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        var own = Answers.Affiliation();
        var other = own with { Organism = own.Organism with { RegimeCode = "02", Caisse = "594" }, Beneficiary = own.Beneficiary with { GivenName = "Paul" } };
        Rights.Kept[id] = (Here, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Answers.Of(id) with { Affiliations = [other, own] }, System.Text.Json.JsonSerializerOptions.Web));
        return id;
    }

    private async Task<Ticket> TransferredAsync(Ticket ticket)
    {
        await ImportAsync();
        await MoveAsync(Referent, ticket, TicketAction.Send);
        await Hotline.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Check, Checked = ["identity", "card", "difference", "date"] }, Cancel);
        return await MoveAsync(Hotline, ticket, TicketAction.Transfer);
    }
}
