namespace Cdr.Rights.Fishing;

/// <summary>How a question came. Numbers are shared between processes.</summary>
internal enum Lane
{
    /// <summary>Somebody waits for it.</summary>
    Desk = 0,

    /// <summary>A line of a file for invoicing, counted for itself: many persons, and the order of the alphabet, are no signs there.</summary>
    Batch = 1,
}
