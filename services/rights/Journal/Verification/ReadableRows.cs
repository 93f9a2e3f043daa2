using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Cdr.ServiceDefaults.Stores;
using Microsoft.EntityFrameworkCore;

namespace Cdr.Rights.Journal.Verification;

/// <summary>
/// Rows of a table, past those that the store's client makes nothing of: an instant that is none, a number beyond what it holds. These are told
/// by their keys. All rows come in one order, in one snapshot: the one that failed is the next.
/// </summary>
internal sealed class ReadableRows
{
    // Each costs a reading of the table from there on: where somebody made a column into another, all of its rows would.
    private const int Most = 10;

    private readonly List<UnreadRow> unread = [];

    public IReadOnlyList<UnreadRow> Unread => unread;

    /// <param name="table">Its name.</param>
    /// <param name="inOrder">Its rows, in the order of their whole key.</param>
    /// <param name="key">What is read of a row that failed.</param>
    /// <param name="told">Which one that is.</param>
    /// <param name="cancellationToken">Stops.</param>
    public async IAsyncEnumerable<T> OfAsync<T, TKey>(
        string table, IQueryable<T> inOrder, Expression<Func<T, TKey>> key, Func<TKey, UnreadRow> told, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var (behind, failed) = (0, 0); ; behind++, failed++)
        {
            Exception? last = null;
            await using (var rows = (behind == 0 ? inOrder : inOrder.Skip(behind)).AsAsyncEnumerable().GetAsyncEnumerator(cancellationToken))
            {
                while (true)
                {
                    try
                    {
                        if (!await rows.MoveNextAsync())
                            yield break;
                    }
                    catch (Exception e) when (IsOfRow(e))
                    {
                        last = e;
                        break;
                    }

                    yield return rows.Current;
                    behind++;
                }
            }

            // Not before the rows are let go: a connection of PostgreSQL reads one thing at a time.
            if (failed == Most)
                throw new TooManyUnreadException(Most, await inOrder.Skip(behind).LongCountAsync(cancellationToken), last);
            unread.Add(await ToldAsync(table, inOrder.Skip(behind).Take(1).Select(key), told, behind, cancellationToken));
        }
    }

    private static async Task<UnreadRow> ToldAsync<TKey>(string table, IQueryable<TKey> key, Func<TKey, UnreadRow> told, int behind, CancellationToken cancellationToken)
    {
        try
        {
            return told(await key.SingleAsync(cancellationToken));
        }
        catch (Exception e) when (IsOfRow(e))
        {
            return new UnreadRow(table, Place: FormattableString.Invariant($"row {behind + 1} in the order of its key"));
        }
    }

    /// <summary>Not where the store refuses the table, or is silent.</summary>
    private static bool IsOfRow(Exception e) => e is not (OperationCanceledException or DbException) && !StoreOutage.Is(e);
}

/// <summary>Of a table more rows cannot be read than are named: it is given up.</summary>
/// <param name="named">How many were.</param>
/// <param name="left">How many rows there are from the next such one on, that one too.</param>
/// <param name="last">What the last one failed with.</param>
internal sealed class TooManyUnreadException(int named, long left, Exception? last) : Exception($"More than {named} rows of a table cannot be read.", last)
{
    public int Named => named;

    public long Left => left;
}

/// <summary>A row that is there, and cannot be read.</summary>
/// <param name="Table">Its name.</param>
/// <param name="Journal">The chain that it belongs to.</param>
/// <param name="Batch">The batch.</param>
/// <param name="Record">Id of the record, of the checkpoint or of the purge.</param>
/// <param name="Place">What else its key says.</param>
internal sealed record UnreadRow(string Table, Guid? Journal = null, long? Batch = null, Guid? Record = null, string? Place = null)
{
    public const string Batches = "batches";
    public const string Records = "records";
    public const string Checkpoints = "checkpoints";

    public Finding Told() => new(FindingKind.RowUnreadable, Journal, Batch, Record: Record, Detail: $"of the table {Table}" + (Place is null ? "" : ", " + Place));
}
