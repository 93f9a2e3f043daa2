using System.Text;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Habilitations;

/// <summary>People by national identifier: kept sealed, found by its keyed hash.</summary>
internal sealed class PersonRegister(
    [FromKeyedServices(SessionsModule.Name)] Sealer sealer,
    [FromKeyedServices(SessionsModule.Name)] Pseudonyms pseudonyms,
    TimeProvider clock)
{
    private const string Identifier = "person-identifier";
    private const string PersonName = "person-name";

    // Enough to tell the people of one establishment apart, too little to be a number.
    private const int End = 4;
    internal const string Purpose = "person";

    /// <summary>Tries every live key: a person met under an older one stays the same person.</summary>
    public async Task<Person?> FindAsync(SessionsDb db, string number, CancellationToken cancellationToken)
    {
        foreach (var (_, reference) in pseudonyms.AllOf(Purpose, number).Reverse())
        {
            if (await db.People.FirstOrDefaultAsync(person => person.Reference == reference, cancellationToken) is { } found)
                return found;
        }

        return null;
    }

    /// <summary>Added to the context, not saved.</summary>
    public Person Add(SessionsDb db, string number)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        var person = new Person
        {
            Id = id,
            Reference = pseudonyms.Of(Purpose, number),
            ReferenceKey = pseudonyms.ActiveKey,
            Identifier = sealer.Seal(Identifier, id.ToByteArray(), Encoding.UTF8.GetBytes(number)),
            CreatedAt = now,
        };
        db.People.Add(person);
        return person;
    }

    public void Name(Person person, string name) => person.Name = sealer.Seal(PersonName, person.Id.ToByteArray(), Encoding.UTF8.GetBytes(name));

    public string NameOf(Person person) =>
        person.Name is { } box && sealer.TryOpen(PersonName, person.Id.ToByteArray(), box, out var name) ? Encoding.UTF8.GetString(name) : "";

    /// <summary>The end of the national identifier; null where it cannot be opened.</summary>
    public string? NumberEndOf(Person person) =>
        sealer.TryOpen(Identifier, person.Id.ToByteArray(), person.Identifier, out var number) && number.Length > End ? Encoding.UTF8.GetString(number)[^End..] : null;
}
