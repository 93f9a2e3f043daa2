using System.Net;
using Cdr.Contracts.Rights;
using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Cdr.Support.Tests.Doubles;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

/// <summary>A later answer to the same question stands beside the contested one, frozen as it is.</summary>
public sealed class LaterAnswerTests : HostTests
{
    [Fact]
    public async Task What_the_regime_says_after_its_correction_stands_beside_what_it_said()
    {
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        var first = Rights.Kept[ticket.Consultation!.Value].Bytes;
        var later = ConsultLater();

        var read = await Clerk.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Compare, Consultation = later }, Cancel);

        Assert.Equal([ticket.Consultation!.Value, later], read.Answers.Select(answer => answer.Consultation));
        Assert.Contains(later, Rights.Used);
        Assert.Equal(first, await BytesAsync(Clerk, ticket, null));
        Assert.Equal(Rights.Kept[later].Bytes, await BytesAsync(Clerk, ticket, read.Answers[1].Id));
        Assert.Equal(first, await BytesAsync(Clerk, ticket, read.Answers[0].Id));
        Assert.Contains(read.Entries, entry => entry.Action == TicketAction.Compare);
        using var foreign = await Api(CdrRoles.Clerk, "clerk-9", Elsewhere).AnswerAsync(ticket.Id, read.Answers[1].Id, Cancel);
        Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
    }

    [Fact]
    public async Task Only_an_answer_that_the_caller_was_given_and_that_is_proven_is_added_and_once()
    {
        var ticket = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        Task<Ticket> AddAsync(Guid? consultation, ISupportApi? who = null) => (who ?? Clerk).MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Compare, Consultation = consultation }, Cancel);
        Assert.Equal("consultation-missing", await RefusedAsync(() => AddAsync(null), HttpStatusCode.BadRequest));
        Assert.Equal("consultation-not-found", await RefusedAsync(() => AddAsync(Consult(Elsewhere)), HttpStatusCode.BadRequest));
        Assert.Equal("consultation-there", await RefusedAsync(() => AddAsync(ticket.Consultation), HttpStatusCode.Conflict));
        Assert.Equal("answer-of-another", await RefusedAsync(() => AddAsync(ConsultLater("1850575112902")), HttpStatusCode.Conflict));
        var technical = await Clerk.OpenAsync(Technical(), Cancel);
        Assert.Equal("consultation-needless", await RefusedAsync(() => Clerk.MoveAsync(technical.Id, new TicketMove { Action = TicketAction.Compare, Consultation = Consult() }, Cancel), HttpStatusCode.Conflict));
        Assert.Single((await Clerk.ReadAsync(ticket.Id, Cancel)).Answers);
    }

    [Fact]
    public async Task A_childs_answer_is_not_put_beside_its_siblings()
    {
        var first = Child("2840575112901", "2190575112944", "2019-05-12", 1, "Léa");
        var ticket = await Clerk.OpenAsync(Inconsistent(Keep(first)), Cancel);
        foreach (var other in new[]
        {
            Child("2840575112901", "1210575112977", "2021-05-12", 1, "Tom"), Child("2840575112901", "1190575112977", "2019-05-12", 2, "Tom"), Child("2840575112901", null, "2021-05-12", 1, "Tom"),
            Child("2840575112901", null, "2019-05-12", 2, "Tom"), Child("1850575112902", null, "2019-05-12", 1, "Léa"),
        })
        {
            Assert.Equal("answer-of-another", await RefusedAsync(() => CompareAsync(ticket, Keep(other)), HttpStatusCode.Conflict));
        }

        // Her file before it had her own number, and with it under the other parent.
        await CompareAsync(ticket, Keep(Child("2840575112901", null, "2019-05-12", 1, "Léa")));
        Assert.Equal(3, (await CompareAsync(ticket, Keep(Child("1850575112902", "2190575112944", "2019-05-12", 1, "Léa")))).Answers.Count);
    }

    [Fact]
    public async Task Where_nothing_says_of_whom_an_answer_is_nothing_is_put_beside_it()
    {
        var nobody = await Clerk.OpenAsync(Inconsistent(Keep()), Cancel);
        Assert.Equal("answer-of-nobody", await RefusedAsync(() => CompareAsync(nobody, Keep(Answers.Affiliation())), HttpStatusCode.Conflict));
        var somebody = await Clerk.OpenAsync(Inconsistent(Consult()), Cancel);
        Assert.Equal("answer-of-nobody", await RefusedAsync(() => CompareAsync(somebody, Keep()), HttpStatusCode.Conflict));

        await using (var scope = Host.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
            db.Evidence.Add(new EvidenceRow { Id = Guid.CreateVersion7(Clock.GetUtcNow().AddDays(-1)), Ticket = somebody.Id, Consultation = Guid.CreateVersion7(Clock.GetUtcNow()), AnsweredAt = Clock.GetUtcNow(), FrozenAt = Clock.GetUtcNow(), RulesVersion = "2026.1", Hash = new byte[32], JournalHash = new byte[32], Proof = [1], Answer = [1] });
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal("answer-unreadable", await RefusedAsync(() => CompareAsync(somebody, Keep(Answers.Affiliation())), HttpStatusCode.Conflict));
    }

    private static Affiliation Child(string insured, string? own, string birth, int rank, string name)
    {
        var file = Answers.Affiliation();
        return file with
        {
            Beneficiary = file.Beneficiary with { Nir = own, NirKey = null, BirthDate = birth, BirthRank = rank, GivenName = name }, Insured = file.Insured with { Nir = insured, NirKey = null, IsPatient = false },
        };
    }

    private Guid Keep(params Affiliation[] files)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        Rights.Kept[id] = (Here, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Answers.Of(id) with { Affiliations = files }, System.Text.Json.JsonSerializerOptions.Web));
        return id;
    }

    private Task<Ticket> CompareAsync(Ticket ticket, Guid consultation) => Clerk.MoveAsync(ticket.Id, new TicketMove { Action = TicketAction.Compare, Consultation = consultation }, Cancel);

    private Guid ConsultLater(string? nir = null)
    {
        Clock.Advance(TimeSpan.FromSeconds(1));
        var id = Guid.CreateVersion7(Clock.GetUtcNow());
        var own = Answers.Affiliation();
        Rights.Kept[id] = (Here, System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(Answers.Of(id) with { Affiliations = [own with { Beneficiary = own.Beneficiary with { Nir = nir ?? own.Beneficiary.Nir }, Insured = own.Insured with { Nir = nir ?? own.Insured.Nir }, BaseRights = own.BaseRights with { End = new DateOnly(2028, 12, 31) } }] }, System.Text.Json.JsonSerializerOptions.Web));
        return id;
    }

    private static async Task<byte[]> BytesAsync(ISupportApi who, Ticket ticket, Guid? answer)
    {
        using var shown = answer is { } id ? await who.AnswerAsync(ticket.Id, id, Cancel) : await who.EvidenceAsync(ticket.Id, Cancel);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        return await shown.Content.ReadAsByteArrayAsync(Cancel);
    }
}
