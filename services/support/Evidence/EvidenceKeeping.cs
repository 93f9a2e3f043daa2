using System.Security.Cryptography;
using System.Text.Json;
using Cdr.Contracts.Rights;
using Cdr.ServiceDefaults.Secrets;
using Cdr.Support.Store;

namespace Cdr.Support.Evidence;

/// <summary>Freezes an answer with a ticket, and shows it later as it was or not at all.</summary>
internal sealed class EvidenceKeeping([FromKeyedServices(SupportModule.StoreName)] Sealer sealer, TimeProvider clock)
{
    private const string Purpose = "ticket-evidence";
    // What the journal's hashed form begins with.
    private const int IdBytes = 16;
    private const string ProofPurpose = "ticket-evidence-proof";

    public EvidenceRow Freeze(Guid ticket, ContestedAnswer contested)
    {
        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7(now);
        return new EvidenceRow
        {
            Id = id,
            Ticket = ticket,
            Consultation = contested.Answer.Id,
            AnsweredAt = contested.Answer.AnsweredAt,
            FrozenAt = now,
            RulesVersion = contested.Answer.RulesVersion,
            Hash = contested.Hash,
            JournalHash = SHA256.HashData(contested.Proof!.Inclusion.Record),
            Proof = sealer.Seal(ProofPurpose, Bound(id, ticket, contested.Hash), JsonSerializer.SerializeToUtf8Bytes(contested.Proof, JsonSerializerOptions.Web)),
            Answer = sealer.Seal(Purpose, Bound(id, ticket, contested.Hash), contested.Bytes),
        };
    }

    /// <summary>Whether a proof is of that consultation's record, and says that its answer has that hash.</summary>
    public static bool IsOf(AnswerProof proof, Guid consultation, byte[] hash) =>
        proof.Consultation == consultation && proof.Inclusion.Record is { Length: >= IdBytes } record && new Guid(record.AsSpan(0, IdBytes), bigEndian: true) == consultation
        && CryptographicOperations.FixedTimeEquals(proof.AnswerHash, hash);

    /// <summary>False: something was changed since, or moved from another ticket, or the key is gone.</summary>
    public bool TryOpen(EvidenceRow row, out byte[] answer) =>
        sealer.TryOpen(Purpose, Bound(row.Id, row.Ticket, row.Hash), row.Answer, out answer)
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(answer), row.Hash)
        && sealer.TryOpen(ProofPurpose, Bound(row.Id, row.Ticket, row.Hash), row.Proof, out var proof)
        && Says(row, answer, proof);

    /// <summary>What stands beside the answer is the answer's own, and the proof is of that record, and of these bytes.</summary>
    private static bool Says(EvidenceRow row, byte[] answer, byte[] kept)
    {
        var said = JsonSerializer.Deserialize<ConsultationAnswer>(answer, JsonSerializerOptions.Web)!;
        var proof = JsonSerializer.Deserialize<AnswerProof>(kept, JsonSerializerOptions.Web)!;
        return said.Id == row.Consultation && said.RulesVersion == row.RulesVersion && (said.AnsweredAt - row.AnsweredAt).Duration() < TimeSpan.FromMilliseconds(1)
            && CryptographicOperations.FixedTimeEquals(SHA256.HashData(proof.Inclusion.Record), row.JournalHash)
            && IsOf(proof, row.Consultation, row.Hash);
    }

    private static byte[] Bound(Guid id, Guid ticket, byte[] hash) => [.. id.ToByteArray(bigEndian: true), .. ticket.ToByteArray(bigEndian: true), .. hash];
}
