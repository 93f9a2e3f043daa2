using System.Security.Claims;
using Cdr.Contracts.Sessions;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Tokens;

namespace Cdr.Sessions.Habilitations;

/// <summary>Writes who changed a habilitation beside the change itself, in one transaction.</summary>
internal sealed class HabilitationTrail(PersonRegister register, TimeProvider clock)
{
    public const string Granted = "granted";
    public const string Changed = "changed";
    public const string Closed = "closed";

    /// <summary>Added to the context, not saved.</summary>
    public async Task AddAsync(SessionsDb db, ClaimsPrincipal user, Habilitation habilitation, string what, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var reference = Base64UrlEncoder.DecodeBytes(user.FindFirstValue(CdrClaims.Subject));
        var actor = await db.People.Where(person => person.Reference == reference).Select(person => person.Id).FirstAsync(cancellationToken);
        db.HabilitationChanges.Add(new HabilitationChange
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            ActorId = actor,
            ActorRole = user.FindFirstValue(CdrClaims.Role)!,
            PersonId = habilitation.PersonId,
            HabilitationId = habilitation.Id,
            Role = habilitation.Role,
            EstablishmentFiness = habilitation.EstablishmentFiness,
            What = what,
            From = habilitation.From,
            Until = habilitation.Until,
        });
    }

    /// <param name="habilitation">With its person.</param>
    public HabilitationState StateOf(Habilitation habilitation) =>
        new(habilitation.Id, register.NameOf(habilitation.Person!), habilitation.Role, habilitation.Unit, habilitation.Origin, habilitation.From, habilitation.Until);
}
