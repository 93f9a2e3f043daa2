using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Sessions;
using Cdr.Domain;
using Cdr.Sessions.Administration;
using Cdr.Sessions.Data;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Sessions.Habilitations;

/// <summary>Brings the database to what the file says. What the file does not name is left as it is.</summary>
internal sealed partial class DirectoryImport(IDbContextFactory<SessionsDb> contexts, PersonRegister register, TimeProvider clock, ILogger<DirectoryImport> log)
{
    /// <exception cref="InvalidDataException">The file contradicts itself: nothing of it was taken.</exception>
    public async Task ImportAsync(string path, CancellationToken cancellationToken)
    {
        var content = await File.ReadAllBytesAsync(path, cancellationToken);
        var file = JsonSerializer.Deserialize<DirectoryFile>(content, JsonSerializerOptions.Web) ?? throw new InvalidDataException("The directory file is empty.");
        var errors = file.Errors().ToList();
        if (errors.Count > 0)
            throw new InvalidDataException("The directory file was not taken: " + string.Join("; ", errors.Take(10)) + ".");
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await EstablishmentsAsync(db, file, cancellationToken);
        await db.SaveChangesAsync(cancellationToken);
        foreach (var person in file.People)
            await PersonAsync(db, person, cancellationToken);
        Record(db, Convert.ToHexString(SHA256.HashData(content)));
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        Log.Imported(log, file.LegalEntities.Sum(entity => entity.Establishments.Length), file.People.Length);
    }

    /// <summary>A file gives access too. One that says what is known already, as at each start, leaves no line.</summary>
    private void Record(SessionsDb db, string hash)
    {
        var roles = db.ChangeTracker.Entries<Habilitation>().ToLookup(entry => entry.State);
        var (given, changed) = (roles[EntityState.Added].Count(), roles[EntityState.Modified].Count());
        if (given + changed == 0)
            return;
        var now = clock.GetUtcNow();
        db.AdministrationRecords.Add(new AdministrationRecord
        {
            Id = Guid.CreateVersion7(now),
            At = now,
            By = [],
            Session = Guid.Empty,
            Role = CdrRoles.Operations,
            Act = AdministrationActs.DirectoryImported,
            Target = hash,
            Detail = $"{given} roles given, {changed} changed",
        });
    }

    private static async Task EstablishmentsAsync(SessionsDb db, DirectoryFile file, CancellationToken cancellationToken)
    {
        foreach (var group in file.Groups)
            (await db.Groups.FindAsync([group.Id], cancellationToken) ?? db.Groups.Add(new HospitalGroup { Id = group.Id, Name = group.Name }).Entity).Name = group.Name;
        foreach (var entity in file.LegalEntities)
        {
            (await db.LegalEntities.FindAsync([entity.Finess], cancellationToken) ?? db.LegalEntities.Add(new LegalEntity { Finess = entity.Finess, Name = entity.Name }).Entity).Name = entity.Name;
            foreach (var entry in entity.Establishments)
                await EstablishmentAsync(db, entity, entry, cancellationToken);
        }
    }

    private static async Task EstablishmentAsync(SessionsDb db, LegalEntityEntry entity, EstablishmentEntry entry, CancellationToken cancellationToken)
    {
        var establishment = await db.Establishments.Include(e => e.Units).FirstOrDefaultAsync(e => e.Finess == entry.Finess, cancellationToken)
            ?? db.Establishments.Add(new Establishment { Finess = entry.Finess, LegalEntityFiness = entity.Finess, Category = entry.Category, Department = "", Name = entry.Name }).Entity;
        establishment.LegalEntityFiness = entity.Finess;
        establishment.Category = entry.Category;
        establishment.Department = Finess.Parse(entry.Finess).Value.Department.Code;
        establishment.GroupId = entry.Group;
        establishment.Name = entry.Name;
        foreach (var told in entry.Units ?? [])
        {
            var unit = establishment.Units.FirstOrDefault(one => one.Code == told.Code);
            if (unit is null)
                establishment.Units.Add(unit = new Unit { EstablishmentFiness = entry.Finess, Code = told.Code, Name = told.Name, Function = told.Function });
            unit.Name = told.Name;
            unit.Function = told.Function;
        }
    }

    private async Task PersonAsync(SessionsDb db, PersonEntry entry, CancellationToken cancellationToken)
    {
        var person = await register.FindAsync(db, entry.Number, cancellationToken) ?? register.Add(db, entry.Number);
        person.LiberalPractice = entry.LiberalPractice;
        var known = await db.Habilitations.Where(habilitation => habilitation.PersonId == person.Id).ToListAsync(cancellationToken);
        foreach (var grant in entry.Habilitations ?? [])
        {
            var key = Habilitation.KeyOf(grant.Role, grant.Establishment, grant.Unit, grant.Group, grant.Regime, grant.Organism);
            var habilitation = known.FirstOrDefault(one => one.Key == key) ?? db.Habilitations.Add(new Habilitation
            {
                Id = Guid.CreateVersion7(clock.GetUtcNow()),
                PersonId = person.Id,
                Key = key,
                Role = grant.Role,
                EstablishmentFiness = grant.Establishment,
                Unit = grant.Unit,
                GroupId = grant.Group,
                Regime = grant.Regime,
                Organism = grant.Organism,
                Origin = HabilitationOrigins.Grant,
                From = grant.From,
            }).Entity;
            habilitation.From = grant.From;
            habilitation.Until = grant.Until;
            habilitation.Function = grant.Unit is { } unit ? (await db.FindAsync<Unit>([grant.Establishment!, unit], cancellationToken))?.Function : null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "Directory: {Establishments} establishments and {People} people as the file says.")]
        public static partial void Imported(ILogger logger, int establishments, int people);
    }
}
