using System.ComponentModel.DataAnnotations;

namespace Cdr.Rights.Journal.Retention;

/// <summary>Two clocks: a trace of access, and the proof of an invoice, a statement or a ticket.</summary>
internal sealed class RetentionOptions
{
    public const string Section = "Journal:Retention";

    /// <summary>Months that no purge goes below, whatever its policy calls itself.</summary>
    public const int Floor = 6;

    /// <value>Default 12: months of a trace. At least six, by CNIL 2021-122.</value>
    [Range(Floor, 120)]
    public int AccessTraceMonths { get; init; } = 12;

    /// <value>Default 36: months of a proof since it was last used. At least as long as a trace.</value>
    [Range(Floor, 240)]
    public int ProofMonths { get; init; } = 36;

    /// <value>Default 6: months added to a proof, for a dispute that begins on its last day.</value>
    [Range(0, 60)]
    public int ProofMarginMonths { get; init; } = 6;

    /// <summary>What was answered before has had its time as a trace, and may no longer become a proof.</summary>
    public DateTimeOffset TracesUntil(DateTimeOffset now) => now.AddMonths(-AccessTraceMonths);

    /// <summary>What was last used before has had its time as a proof, and is not used again. A proof is never kept for less than a trace.</summary>
    public DateTimeOffset ProofsUntil(DateTimeOffset now) => now.AddMonths(-Math.Max(AccessTraceMonths, ProofMonths + ProofMarginMonths));

    /// <exception cref="InvalidOperationException">A value is out of its range.</exception>
    public static RetentionOptions Checked(RetentionOptions options)
    {
        List<ValidationResult> faults = [];
        if (!Validator.TryValidateObject(options, new ValidationContext(options), faults, validateAllProperties: true))
            throw new InvalidOperationException($"{Section}: {string.Join(" ", faults.Select(f => f.ErrorMessage))}");
        return options;
    }
}
