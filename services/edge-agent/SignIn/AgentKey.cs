using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;

namespace Cdr.EdgeAgent.SignIn;

/// <summary>
/// The agent's own key: made when it starts, kept in memory, gone with it. A session is bound to it, so an agent that ends has no session
/// left to speak for, and there is no key on the disk to take.
/// </summary>
internal sealed class AgentKey(TimeProvider clock) : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private long last;

    /// <summary>SubjectPublicKeyInfo.</summary>
    public byte[] Public => key.ExportSubjectPublicKeyInfo();

    /// <summary>A signed statement about a card and, in an opening, of what the post has: its number is higher than that of any before, over a restart too.</summary>
    public AgentStatement State(string origin, Guid about, string kind, long insertion, PostReport? report = null)
    {
        long sequence, before;
        do
        {
            before = Interlocked.Read(ref last);
            sequence = Math.Max(before + 1, clock.GetUtcNow().ToUnixTimeMilliseconds());
        }
        while (Interlocked.CompareExchange(ref last, sequence, before) != before);
        var signature = key.SignData(AgentValue.Of(origin, about, kind, insertion, sequence, report), HashAlgorithmName.SHA256);
        return new AgentStatement(about, kind, insertion, sequence, Base64Url.EncodeToString(signature));
    }

    public void Dispose() => key.Dispose();
}
