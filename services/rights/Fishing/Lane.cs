namespace Cdr.Rights.Fishing;

/// <summary>How a question came.</summary>
internal enum Lane
{
    /// <summary>Somebody waits for it.</summary>
    Desk,

    /// <summary>A line of a file for invoicing, which has limits of its own: many persons, and the order of the alphabet, are no signs there.</summary>
    Batch,
}
