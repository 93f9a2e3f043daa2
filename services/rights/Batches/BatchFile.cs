using Cdr.Domain;
using Cdr.Rights.Inquiry;

namespace Cdr.Rights.Batches;

/// <summary>A file of questions that was accepted, and for whom. Who asks is in the same plain words as in the journal.</summary>
internal sealed class BatchFile
{
    /// <value>UUIDv7.</value>
    public required Guid Id { get; init; }

    public required string Subject { get; init; }

    /// <value>Proven when the file was accepted; the work outlives it.</value>
    public required string Session { get; init; }

    public required string SubjectKind { get; init; }

    public required string Role { get; init; }

    public required string Establishment { get; init; }

    public required string Department { get; init; }

    public required string Group { get; init; }

    public required string Unit { get; init; }

    public required string Function { get; init; }

    /// <value>Keyed hash of the caller's idempotency key: they may have written anything into it. Null when there was none.</value>
    public byte[]? Key { get; init; }

    /// <value>Keyed hash of what was sent.</value>
    public required byte[] Fingerprint { get; init; }

    public required int Lines { get; init; }

    public required DateTimeOffset AcceptedAt { get; init; }

    public required DateTimeOffset GiveUpAt { get; init; }

    public DateTimeOffset? CancelledAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    public DateTimeOffset? ErasedAt { get; set; }

    public static BatchFile Of(Guid id, Caller caller, int lines, byte[]? key, byte[] fingerprint, DateTimeOffset now, TimeSpan giveUpAfter) => new()
    {
        Id = id,
        Subject = caller.Subject,
        Session = caller.Session,
        SubjectKind = caller.Kind,
        Role = caller.Role,
        Establishment = caller.Establishment.Value,
        Department = caller.Department.Code,
        Group = caller.Group,
        Unit = caller.Unit,
        Function = caller.Function,
        Key = key,
        Fingerprint = fingerprint,
        Lines = lines,
        AcceptedAt = now,
        GiveUpAt = now + giveUpAfter,
    };

    /// <summary>Who asks, as they were when the file was accepted.</summary>
    public Caller Caller() =>
        Finess.Parse(Establishment).TryGet(out var establishment, out _) && Domain.Department.Parse(Department).TryGet(out var department, out _)
            ? new Caller(Subject, Session, SubjectKind, Role, establishment, department, Group, Unit, Function)
            : throw new InvalidDataException("A batch names no establishment.");
}
