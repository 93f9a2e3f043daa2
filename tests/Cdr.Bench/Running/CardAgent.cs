using System.Buffers.Text;
using System.Security.Cryptography;
using Cdr.Contracts.Sessions;

namespace Cdr.Bench.Running;

/// <summary>The agent of one card's session.</summary>
internal sealed class CardAgent(ECDsa key)
{
    private long sequence;

    /// <value>Known once the card has signed.</value>
    public Guid Session { get; set; }

    /// <value>Of the session, once the ticket was redeemed by the bench itself: a page's stays in its portal.</value>
    public string Token { get; set; } = "";

    /// <summary>Its word, signed, with the next number.</summary>
    public AgentStatement Say(string kind, Guid? about = null, PostReport? report = null)
    {
        lock (key)
        {
            var number = ++sequence;
            var signature = key.SignData(AgentValue.Of(SessionsPlatform.Origin, about ?? Session, kind, 1, number, report), HashAlgorithmName.SHA256);
            return new AgentStatement(about ?? Session, kind, 1, number, Base64Url.EncodeToString(signature));
        }
    }
}
