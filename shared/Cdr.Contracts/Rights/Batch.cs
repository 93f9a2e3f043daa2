using System.Text.Json.Serialization;

namespace Cdr.Contracts.Rights;

/// <summary>
/// One line of a file of questions. The person is named by <c>nir</c>, or by <c>names</c> with <c>birthDate</c>:
/// nobody picks from a list here. In CSV the columns have these names, or the French ones (<c>reference;nir;nom;prenom;dateNaissance;…</c>).
/// </summary>
public sealed record BatchQuestion
{
    /// <summary>The caller's own word for the line, given back beside its answer: 100 characters at most. Kept sealed.</summary>
    public string? Reference { get; init; }

    /// <summary>The patient's NIR, or the insured person's: 13 or 15 characters, spaces allowed.</summary>
    public string? Nir { get; init; }

    /// <summary>Family and given name; needs <c>birthDate</c>.</summary>
    public PersonNames? Names { get; init; }

    /// <summary>The patient's birth date, beside <c>names</c>.</summary>
    public string? BirthDate { get; init; }

    /// <summary>Beside an insured person's NIR: the patient's own birth date.</summary>
    public string? BeneficiaryBirthDate { get; init; }

    /// <summary>Beside an insured person's NIR: the patient's birth rank, 1 to 9.</summary>
    public int? BirthRank { get; init; }

    /// <summary>Default: the day the file is accepted, however late the line is asked.</summary>
    public string? CareDate { get; init; }

    /// <summary>As in <c>careKind</c>.</summary>
    public string? CareKind { get; init; }

    /// <summary>As in <c>prescriptionDate</c>.</summary>
    public string? PrescriptionDate { get; init; }

    /// <summary>As in <c>insuranceNature</c>.</summary>
    public string? InsuranceNature { get; init; }

    /// <summary>As in <c>reason</c>; default: the file's (<c>?reason=</c>). One of the two is needed.</summary>
    public string? Reason { get; init; }

    /// <summary>A regime's id, to ask that one only; a rejected invoice is asked of all.</summary>
    public string? Regime { get; init; }

    /// <summary>As in <c>exhaustive</c>.</summary>
    public bool Exhaustive { get; init; }

    /// <summary>The hospital's number of the admission, as in <c>workflowId</c>; in CSV also <c>dossier</c>.</summary>
    public string? WorkflowId { get; init; }

    /// <summary>Masked: the question names a person.</summary>
    public override string ToString() => nameof(BatchQuestion);
}

/// <summary>What is wrong with one line of a file. Never what it says.</summary>
/// <param name="Line">Number of the question, from 1.</param>
/// <param name="FileLine">In CSV: the line of the file it begins at, the header being 1.</param>
/// <param name="Field">Name of the member; absent where the line as a whole is wrong.</param>
/// <param name="Code">Stable.</param>
/// <param name="Message">For the clerk.</param>
public sealed record BatchFault(int Line, int? FileLine, string? Field, string Code, string Message);

/// <summary>How far a batch is.</summary>
[JsonConverter(typeof(WireName<BatchState>))]
public enum BatchState
{
    /// <summary>At least one line waits.</summary>
    UnderWay,

    /// <summary>Every line has its outcome.</summary>
    Ended,

    /// <summary>Cancelled: what was not answered then never is.</summary>
    Cancelled,

    /// <summary>Its questions were erased and its results are no longer given; the consultations themselves stay readable by their id.</summary>
    Erased,
}

/// <summary>What became of one line.</summary>
[JsonConverter(typeof(WireName<BatchLineState>))]
public enum BatchLineState
{
    /// <summary>Not asked yet, or asked again later: a regime was silent.</summary>
    Waiting,

    /// <summary>Its consultation is in the journal.</summary>
    Answered,

    /// <summary>It can no longer be asked: <c>code</c> says why.</summary>
    Refused,

    /// <summary>The batch was cancelled before it was answered.</summary>
    Cancelled,
}

/// <summary>A batch and its counts. Nothing personal.</summary>
public sealed record BatchProgress
{
    /// <summary>UUIDv7.</summary>
    public required Guid Id { get; init; }

    /// <summary>How far it is.</summary>
    public required BatchState State { get; init; }

    /// <summary>UTC.</summary>
    public required DateTimeOffset AcceptedAt { get; init; }

    /// <summary>UTC instant after which a silent regime is waited for no more: the lines left are answered with what is known.</summary>
    public required DateTimeOffset GiveUpAt { get; init; }

    /// <summary>UTC; absent while a line waits.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>UTC instant until which results can be downloaded; absent while a line waits.</summary>
    public DateTimeOffset? ResultsUntil { get; init; }

    /// <summary>Lines of the file.</summary>
    public required int Lines { get; init; }

    /// <summary>Lines that wait, of which <c>postponed</c> were asked at least once.</summary>
    public required int Waiting { get; init; }

    /// <summary>Lines that wait for a silent regime.</summary>
    public required int Postponed { get; init; }

    /// <summary>Lines that have their answer.</summary>
    public required int Answered { get; init; }

    /// <summary>Lines that can no longer be asked.</summary>
    public required int Refused { get; init; }

    /// <summary>Lines that were cancelled.</summary>
    public required int Cancelled { get; init; }

    /// <summary>Where to go from here.</summary>
    public required BatchLinks Links { get; init; }
}

/// <summary>Addresses of a batch.</summary>
/// <param name="Self">Its progress.</param>
/// <param name="Results">Its results so far.</param>
/// <param name="Cancel">POST: what was not answered yet never is.</param>
public sealed record BatchLinks(string Self, string Results, string Cancel);

/// <summary>The results so far.</summary>
/// <param name="Id">The batch.</param>
/// <param name="Complete">False while a line waits, or may be given its answer yet.</param>
/// <param name="Lines">Every line, in the order of the file; with <c>after</c>, those that wait, and those that ended since.</param>
/// <param name="Next">For <c>after</c> of the next call.</param>
public sealed record BatchResults(Guid Id, bool Complete, IReadOnlyList<BatchLineResult> Lines, string? Next = null);

/// <summary>One line's result.</summary>
public sealed record BatchLineResult
{
    /// <summary>Number of the question in the file, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The caller's own word for it.</summary>
    public string? Reference { get; init; }

    /// <summary>What became of it.</summary>
    public required BatchLineState State { get; init; }

    /// <summary>Why it can no longer be asked: the stable code of the problem.</summary>
    public string? Code { get; init; }

    /// <summary>UTC instant of its next try, while it waits.</summary>
    public DateTimeOffset? NextTry { get; init; }

    /// <summary>The journaled answer, byte for byte; its id is the consultation's.</summary>
    public ConsultationAnswer? Answer { get; init; }

    /// <summary>Masked: the answer names a person.</summary>
    public override string ToString() => $"{nameof(BatchLineResult)} {Line} {State}";
}

/// <summary>Command of Rights to itself, in the lane of batches: ids only.</summary>
/// <param name="Batch">The batch.</param>
/// <param name="Lines">Numbers of lines that are due. One that has its outcome by then is left alone.</param>
/// <param name="Claim">The lease under which they were sent: a line that another message has by then is left alone. Absent in messages of before.</param>
public sealed record AskBatchLines(Guid Batch, int[] Lines, Guid? Claim = null);
