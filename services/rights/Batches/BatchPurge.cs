using Cdr.Rights.Journal;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Batches;

/// <summary>
/// Removes files of questions, as the owner: their questions went long before, but who asked which consultation is a trace of access like any
/// other. They are no records of the journal, and leave nothing.
/// </summary>
internal static class BatchPurge
{
    /// <param name="db">As the owner: the application's role cannot remove.</param>
    /// <param name="until">Files that were accepted before go.</param>
    /// <param name="isDry">They are counted, and stay.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How many.</returns>
    public static async Task<int> RunAsync(RightsDb db, DateTimeOffset until, bool isDry, CancellationToken cancellationToken)
    {
        var past = db.BatchFiles.Where(f => f.AcceptedAt < until);
        if (isDry)
            return await past.CountAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await db.BatchLines.Where(l => past.Any(f => f.Id == l.Batch)).ExecuteDeleteAsync(cancellationToken);
        var files = await past.ExecuteDeleteAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return files;
    }
}
