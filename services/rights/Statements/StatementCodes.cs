using System.Security.Cryptography;
using System.Text;
using Cdr.Rights.Journal;
using Cdr.ServiceDefaults.Secrets;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Statements;

/// <summary>
/// One code an answer: drawn from the consultation's id under the service's key, so that it can be printed again and is kept nowhere but as a
/// hash. Made under a key that has since been followed by another, it is still the same.
/// </summary>
internal sealed class StatementCodes([FromKeyedServices("Rights")] Pseudonyms keys, IDbContextFactory<RightsDb> contexts, TimeProvider clock)
{
    private const string Purpose = "statement-code";

    /// <summary>
    /// The code of a statement that was made; null where none was. Of two, which processes of two active keys can make at one moment, it is the
    /// first that was made, whichever process looks.
    /// </summary>
    public async Task<Made?> FindAsync(Guid consultation, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        Made? first = null;
        foreach (var code in CodesOf(consultation))
        {
            if (await RowAsync(db, Hash(code.Letters), cancellationToken) is { } row && !(first?.Row.MadeAt <= row.MadeAt))
                first = new Made(code, row);
        }

        return first;
    }

    /// <summary>The same code each time, and the first instant.</summary>
    public async Task<Made> MakeAsync(Guid consultation, DateTimeOffset answeredAt, CancellationToken cancellationToken)
    {
        if (await FindAsync(consultation, cancellationToken) is { } made)
            return made;
        var code = CodesOf(consultation).Last();
        var row = new StatementRow { CodeHash = Hash(code.Letters), AnsweredAt = answeredAt, MadeAt = clock.GetUtcNow() };
        try
        {
            await using var db = await contexts.CreateDbContextAsync(cancellationToken);
            db.Statements.Add(row);
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException e) when (!StoreOutage.Is(e))
        {
            // The same, at the same moment. Read again, since the first instant is the one that is printed.
        }

        return await FindAsync(consultation, cancellationToken) ?? throw new InvalidOperationException("A statement was not kept.");
    }

    /// <summary>When the answer was made that a code stands for; null where it stands for none.</summary>
    /// <remarks>The same work for every text, a code or not: it is hashed, and looked up by its hash.</remarks>
    public async Task<DateTimeOffset?> VerifyAsync(VerificationCode? code, CancellationToken cancellationToken)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellationToken);
        var row = await RowAsync(db, Hash(code?.Letters ?? ""), cancellationToken);
        return code is null ? null : row?.AnsweredAt;
    }

    private IEnumerable<VerificationCode> CodesOf(Guid consultation) => keys.AllOf(Purpose, consultation.ToString("N")).Select(one => VerificationCode.Of(one.Pseudonym));

    private static byte[] Hash(string letters) => SHA256.HashData(Encoding.ASCII.GetBytes("cdr-statement-1:" + letters));

    private static Task<StatementRow?> RowAsync(RightsDb db, byte[] hash, CancellationToken cancellationToken) =>
        db.Statements.AsNoTracking().FirstOrDefaultAsync(s => s.CodeHash == hash, cancellationToken);

    /// <summary>A code, and since when.</summary>
    internal sealed record Made(VerificationCode Code, StatementRow Row);
}
