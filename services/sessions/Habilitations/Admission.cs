using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.Sessions.Cards;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Habilitations;

/// <summary>Whether a proven card opens anything, and what its holder may act as.</summary>
internal abstract record Admitted
{
    public sealed record To(Person Person, IReadOnlyList<Habilitation> Habilitations) : Admitted;

    public sealed record Refused(Refusal Why) : Admitted;
}

/// <summary>The card's kind alone never opens CDR: card or habilitation must link its holder to an establishment of an eligible category.</summary>
internal sealed class Admission(PersonRegister register, TimeProvider clock)
{
    // A CPA is held by staff of a structure that gives no care.
    private static readonly string[] SupportRoles = [CdrRoles.Hotline, CdrRoles.Operations, CdrRoles.DataProtection, CdrRoles.RegimeAgent, CdrRoles.Administrator];

    public async Task<Admitted> OfAsync(SessionsDb db, CardIdentity card, CancellationToken cancellationToken)
    {
        if (RefusedKind(card.Kind) is { } refused)
            return new Admitted.Refused(refused);
        var person = await register.FindAsync(db, card.Number, cancellationToken);
        var all = person is null ? [] : await HabilitationsAsync(db, person.Id, cancellationToken);
        // A kind that is only guessed may be a director's: the employer on the card gives nothing, nor does what it gave before.
        if (!card.KindTold)
            all = [.. all.Where(habilitation => habilitation.Origin != HabilitationOrigins.Card)];
        else if (card.Kind.MayConsult && await EmployerAsync(db, card, all, cancellationToken) is { } employer)
        {
            person ??= register.Add(db, card.Number);
            all = [.. all, Situation(db, person, employer)];
        }

        var live = all.Where(habilitation => IsLive(habilitation, card.Kind)).ToList();
        if (person is not null && live.Count > 0)
            return new Admitted.To(person, live);
        return new Admitted.Refused(await WhyNotAsync(db, card, person, all, cancellationToken));
    }

    /// <summary>What the person may act as today with a card of that kind.</summary>
    public async Task<IReadOnlyList<Habilitation>> LiveAsync(SessionsDb db, Guid person, CardKind kind, CancellationToken cancellationToken) =>
        [.. (await HabilitationsAsync(db, person, cancellationToken)).Where(habilitation => IsLive(habilitation, kind))];

    public bool IsLive(Habilitation habilitation, CardKind kind)
    {
        if (!kind.MayConsult && !SupportRoles.Contains(habilitation.Role))
            return false;
        if (habilitation.Establishment is { } establishment && !EligibleCategories.Contains(establishment.Category))
            return false;
        var today = TodayIn(habilitation.Establishment?.Department);
        return habilitation.From <= today && !(habilitation.Until < today);
    }

    private static Refusal? RefusedKind(CardKind kind) =>
        kind == CardKind.CpeService ? Refusal.CpeService
        : kind == CardKind.Cde ? Refusal.Cde
        : kind == CardKind.Cda ? Refusal.Cda
        : null;

    private static Task<List<Habilitation>> HabilitationsAsync(SessionsDb db, Guid person, CancellationToken cancellationToken) =>
        db.Habilitations.Include(h => h.Establishment!.Units).Where(h => h.PersonId == person).ToListAsync(cancellationToken);

    /// <summary>The employer on the card, unless the establishment or its group already said what its employee does: what it closed stays closed.</summary>
    private static async Task<Establishment?> EmployerAsync(SessionsDb db, CardIdentity card, List<Habilitation> known, CancellationToken cancellationToken)
    {
        if (card.Employer is not { } finess || known.Any(habilitation => habilitation.EstablishmentFiness == finess))
            return null;
        var employer = await db.Establishments.FirstOrDefaultAsync(establishment => establishment.Finess == finess, cancellationToken);
        if (employer is null || !EligibleCategories.Contains(employer.Category))
            return null;
        return known.Any(habilitation => habilitation.GroupId is { } group && group == employer.GroupId) ? null : employer;
    }

    private Habilitation Situation(SessionsDb db, Person person, Establishment employer)
    {
        var situation = new Habilitation
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            PersonId = person.Id,
            Key = Habilitation.KeyOf(CdrRoles.Clerk, employer.Finess, null, null, null),
            Role = CdrRoles.Clerk,
            EstablishmentFiness = employer.Finess,
            Establishment = employer,
            Origin = HabilitationOrigins.Card,
            From = TodayIn(employer.Department),
        };
        db.Habilitations.Add(situation);
        return situation;
    }

    private static async Task<Refusal> WhyNotAsync(SessionsDb db, CardIdentity card, Person? person, List<Habilitation> all, CancellationToken cancellationToken)
    {
        if (!card.Kind.MayConsult)
            return Refusal.NoRole;
        if (card.IsPractice || person is { LiberalPractice: true } && all.Count == 0)
            return Refusal.LiberalPractice;
        var ineligible = all.Any(habilitation => habilitation.Establishment is { } establishment && !EligibleCategories.Contains(establishment.Category))
            || all.Count == 0 && card.Employer is { } finess && await db.Establishments.Where(establishment => establishment.Finess == finess)
                .Select(establishment => establishment.Category).FirstOrDefaultAsync(cancellationToken) is { } category && !EligibleCategories.Contains(category);
        return ineligible ? Refusal.EstablishmentNotEligible : Refusal.NoEstablishment;
    }

    private DateOnly TodayIn(string? department) => EstablishmentDay.Of(department, clock.GetUtcNow());
}
