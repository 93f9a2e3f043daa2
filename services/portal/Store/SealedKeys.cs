using System.Xml.Linq;
using Cdr.ServiceDefaults.Secrets;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Cdr.Portal.Store;

/// <summary>Cookies' keys, sealed with the portal's key file before they reach the database: the database alone opens nothing.</summary>
internal sealed class SealedKeys(IServiceProvider services) : IXmlEncryptor, IXmlDecryptor
{
    private const string Purpose = "portal-keys";
    private readonly Sealer sealer = services.GetRequiredKeyedService<Sealer>("Portal");

    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        ArgumentNullException.ThrowIfNull(plaintextElement);
        var box = sealer.Seal(Purpose, [], System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting)));
        return new EncryptedXmlInfo(new XElement("sealed", Convert.ToBase64String(box)), typeof(SealedKeys));
    }

    public XElement Decrypt(XElement encryptedElement)
    {
        ArgumentNullException.ThrowIfNull(encryptedElement);
        return sealer.TryOpen(Purpose, [], Convert.FromBase64String(encryptedElement.Value), out var plain)
            ? XElement.Parse(System.Text.Encoding.UTF8.GetString(plain))
            : throw new InvalidOperationException("A key of the portal was sealed with a key that is not in its key file.");
    }
}
