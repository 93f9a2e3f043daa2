using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    public partial class DoorsBesideTheCard : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "administration_records",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    By = table.Column<byte[]>(type: "bytea", nullable: false),
                    Session = table.Column<Guid>(type: "uuid", nullable: false),
                    Role = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Act = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Target = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Person = table.Column<byte[]>(type: "bytea", nullable: true),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: true),
                    Detail = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_administration_records", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "package_accesses",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Secret = table.Column<byte[]>(type: "bytea", nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: false),
                    Type = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Requester = table.Column<byte[]>(type: "bytea", nullable: false),
                    RequestedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Licence = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    LicenceAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_package_accesses", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "provider_sign_ins",
                columns: table => new
                {
                    State = table.Column<byte[]>(type: "bytea", nullable: false),
                    Provider = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Binding = table.Column<byte[]>(type: "bytea", nullable: false),
                    Nonce = table.Column<byte[]>(type: "bytea", nullable: false),
                    Verifier = table.Column<byte[]>(type: "bytea", nullable: false),
                    ExpiresAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    UsedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_provider_sign_ins", x => x.State);
                });

            migrationBuilder.CreateTable(
                name: "software_clients",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "text", nullable: false),
                    Structure = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    CommonName = table.Column<string>(type: "character varying(256)", maxLength: 256, nullable: true),
                    PublicKey = table.Column<byte[]>(type: "bytea", nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    RegisteredAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    WithdrawnAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    CertificateEndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_software_clients", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "package_downloads",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    AccessId = table.Column<Guid>(type: "uuid", nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    File = table.Column<string>(type: "character varying(320)", maxLength: 320, nullable: false),
                    Sha256 = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_package_downloads", x => x.Id);
                    table.ForeignKey(
                        name: "FK_package_downloads_package_accesses_AccessId",
                        column: x => x.AccessId,
                        principalTable: "package_accesses",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "software_scopes",
                columns: table => new
                {
                    ClientId = table.Column<string>(type: "character varying(64)", nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_software_scopes", x => new { x.ClientId, x.EstablishmentFiness });
                    table.ForeignKey(
                        name: "FK_software_scopes_establishments_EstablishmentFiness",
                        column: x => x.EstablishmentFiness,
                        principalTable: "establishments",
                        principalColumn: "Finess",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "FK_software_scopes_software_clients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "software_clients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "software_sessions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ClientId = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: false),
                    Unit = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    Subject = table.Column<byte[]>(type: "bytea", nullable: false),
                    Human = table.Column<byte[]>(type: "bytea", nullable: false),
                    Issuer = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Serial = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    StartedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndsAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EndedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    EndedBecause = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    CopyDueAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_software_sessions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_software_sessions_software_clients_ClientId",
                        column: x => x.ClientId,
                        principalTable: "software_clients",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_administration_records_At",
                table: "administration_records",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_administration_records_EstablishmentFiness_At",
                table: "administration_records",
                columns: new[] { "EstablishmentFiness", "At" });

            migrationBuilder.CreateIndex(
                name: "IX_package_accesses_EstablishmentFiness",
                table: "package_accesses",
                column: "EstablishmentFiness");

            migrationBuilder.CreateIndex(
                name: "IX_package_downloads_AccessId",
                table: "package_downloads",
                column: "AccessId");

            migrationBuilder.CreateIndex(
                name: "IX_package_downloads_At",
                table: "package_downloads",
                column: "At");

            migrationBuilder.CreateIndex(
                name: "IX_provider_sign_ins_ExpiresAt",
                table: "provider_sign_ins",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_software_scopes_EstablishmentFiness",
                table: "software_scopes",
                column: "EstablishmentFiness");

            migrationBuilder.CreateIndex(
                name: "IX_software_sessions_ClientId_Subject",
                table: "software_sessions",
                columns: new[] { "ClientId", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_software_sessions_CopyDueAt",
                table: "software_sessions",
                column: "CopyDueAt");

            migrationBuilder.CreateIndex(
                name: "IX_software_sessions_EndedAt_EndsAt",
                table: "software_sessions",
                columns: new[] { "EndedAt", "EndsAt" });

            // The application's role may change rows of every other table; who gave access to whom stays as it was written.
            migrationBuilder.Sql("""
                CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION 'administration_records is only ever added to'; END $$;
                CREATE TRIGGER administration_records_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON administration_records
                FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "administration_records");

            migrationBuilder.Sql("DROP FUNCTION append_only();");

            migrationBuilder.DropTable(
                name: "package_downloads");

            migrationBuilder.DropTable(
                name: "provider_sign_ins");

            migrationBuilder.DropTable(
                name: "software_scopes");

            migrationBuilder.DropTable(
                name: "software_sessions");

            migrationBuilder.DropTable(
                name: "package_accesses");

            migrationBuilder.DropTable(
                name: "software_clients");
        }
    }
}
