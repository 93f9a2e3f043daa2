using Cdr.Contracts.Sessions;
using Cdr.Contracts.Support;
using Cdr.Support.Store;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Cdr.Support.Tests.Features;

public sealed class SendingTests : HostTests
{
    [Fact]
    public async Task Each_choice_of_an_establishment_is_kept_with_who_made_it()
    {
        await Referent.ChooseAsync(new EstablishmentChoice(true), Cancel);
        Clock.Advance(TimeSpan.FromMinutes(1));
        await Api(CdrRoles.Referent, "referent-2").ChooseAsync(new EstablishmentChoice(false), Cancel);
        // Said again, it is no other choice.
        await Referent.ChooseAsync(new EstablishmentChoice(false), Cancel);

        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
        Assert.Equal(
            [(Here, true, "referent-1"), (Here, false, "referent-2")],
            (await db.Choices.AsNoTracking().OrderBy(row => row.At).ToListAsync(Cancel)).Select(row => (row.Finess, row.DirectSending, row.By)));
        Assert.False((await Clerk.ChoiceAsync(Cancel)).DirectSending);
        await Assert.ThrowsAnyAsync<Exception>(() => db.Choices.ExecuteDeleteAsync(Cancel));
    }

    [Fact]
    public async Task Two_first_choices_at_once_are_both_made()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(who => Api(CdrRoles.Referent, "referent-" + who).ChooseAsync(new EstablishmentChoice(who % 2 == 0), Cancel)));

        await using var scope = Host.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SupportDb>();
        var last = (await db.Choices.AsNoTracking().OrderByDescending(row => row.Number).FirstAsync(Cancel)).DirectSending;
        Assert.Equal(last, (await db.Establishments.AsNoTracking().SingleAsync(Cancel)).DirectSending);
    }
}
