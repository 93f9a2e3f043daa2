namespace Cdr.EdgeAgent.Diagnosis;

/// <summary>A part of the report. What fails in one is told in its place, so that the rest is there: a report is made where something is wrong.</summary>
internal static class Section
{
    public static object? Of(Func<object?> tell)
    {
        try
        {
            return tell();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failed(e);
        }
    }

    public static async Task<object?> OfAsync(Func<Task<object?>> tell)
    {
        try
        {
            return await tell();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return Failed(e);
        }
    }

    /// <summary>The kind alone: the words of an exception may hold a path or a name.</summary>
    private static object Failed(Exception e) => new { failed = (e as AggregateException)?.GetBaseException().GetType().Name ?? e.GetType().Name, words = "Cette partie du rapport n'a pas pu être faite." };
}
