using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Cdr.Sessions.Data.Migrations
{
    /// <inheritdoc />
    public partial class PostsOfEstablishmentsAndOneTrail : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            // What is known of the past goes on in the one trail. Whose session it was had not been written.
            migrationBuilder.Sql("""
                INSERT INTO administration_records ("Id", "At", "By", "Session", "Role", "Act", "Target", "Person", "EstablishmentFiness", "Detail")
                SELECT c."Id", c."At", actor."Reference", '00000000-0000-0000-0000-000000000000', c."ActorRole",
                    CASE c."What" WHEN 'granted' THEN 'role-assigned' WHEN 'changed' THEN 'role-changed' ELSE 'role-withdrawn' END,
                    c."HabilitationId"::text, holder."Reference", c."EstablishmentFiness",
                    concat_ws(' ', c."Role", c."EstablishmentFiness", h."Unit", to_char(c."From", 'YYYY-MM-DD') || '/' || coalesce(to_char(c."Until", 'YYYY-MM-DD'), ''))
                FROM habilitation_changes c
                JOIN people actor ON actor."Id" = c."ActorId"
                JOIN people holder ON holder."Id" = c."PersonId"
                JOIN habilitations h ON h."Id" = c."HabilitationId";
                """);

            migrationBuilder.DropTable(
                name: "habilitation_changes");

            // They live 30 seconds: whoever is signing in begins anew.
            migrationBuilder.Sql("DELETE FROM tickets;");

            migrationBuilder.DropColumn(
                name: "PostId",
                table: "tickets");

            migrationBuilder.AddColumn<string>(
                name: "Report",
                table: "tickets",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Pki",
                table: "tickets",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateTime>(
                name: "IssuedAt",
                table: "tickets",
                type: "timestamp with time zone",
                nullable: false);

            // Ids are made otherwise from now on: each post reports again with its next session.
            migrationBuilder.DropTable(
                name: "post_cards");

            migrationBuilder.DropTable(
                name: "posts");

            migrationBuilder.CreateTable(
                name: "posts",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    Reference = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", nullable: true),
                    Label = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ReportedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Report = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_posts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_posts_establishments_EstablishmentFiness",
                        column: x => x.EstablishmentFiness,
                        principalTable: "establishments",
                        principalColumn: "Finess",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "post_cards",
                columns: table => new
                {
                    PostId = table.Column<Guid>(type: "uuid", nullable: false),
                    Pki = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_post_cards", x => new { x.PostId, x.Pki });
                    table.ForeignKey(
                        name: "FK_post_cards_posts_PostId",
                        column: x => x.PostId,
                        principalTable: "posts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_posts_EstablishmentFiness",
                table: "posts",
                column: "EstablishmentFiness");

            migrationBuilder.CreateIndex(
                name: "IX_posts_Reference_EstablishmentFiness",
                table: "posts",
                columns: new[] { "Reference", "EstablishmentFiness" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_posts_ReportedAt",
                table: "posts",
                column: "ReportedAt");

            migrationBuilder.Sql("""
                CREATE OR REPLACE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN RAISE EXCEPTION '% is only ever added to', TG_TABLE_NAME; END $$;
                CREATE TRIGGER terms_acceptances_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON terms_acceptances
                FOR EACH STATEMENT EXECUTE FUNCTION append_only();
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP TRIGGER terms_acceptances_append_only ON terms_acceptances;");

            migrationBuilder.DropTable(
                name: "post_cards");

            migrationBuilder.DropTable(
                name: "posts");

            migrationBuilder.CreateTable(
                name: "posts",
                columns: table => new
                {
                    Id = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", nullable: true),
                    Label = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    ReportedAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    Report = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_posts", x => x.Id);
                    table.ForeignKey(
                        name: "FK_posts_establishments_EstablishmentFiness",
                        column: x => x.EstablishmentFiness,
                        principalTable: "establishments",
                        principalColumn: "Finess",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "post_cards",
                columns: table => new
                {
                    PostId = table.Column<string>(type: "character varying(64)", nullable: false),
                    Pki = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    SeenAt = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_post_cards", x => new { x.PostId, x.Pki });
                    table.ForeignKey(
                        name: "FK_post_cards_posts_PostId",
                        column: x => x.PostId,
                        principalTable: "posts",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_posts_EstablishmentFiness",
                table: "posts",
                column: "EstablishmentFiness");

            migrationBuilder.DropColumn(
                name: "IssuedAt",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Pki",
                table: "tickets");

            migrationBuilder.DropColumn(
                name: "Report",
                table: "tickets");

            migrationBuilder.AddColumn<string>(
                name: "PostId",
                table: "tickets",
                type: "text",
                nullable: true);

            // What it held is in administration_records.
            migrationBuilder.CreateTable(
                name: "habilitation_changes",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    ActorId = table.Column<Guid>(type: "uuid", nullable: false),
                    ActorRole = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    At = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    EstablishmentFiness = table.Column<string>(type: "character varying(9)", maxLength: 9, nullable: true),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    HabilitationId = table.Column<Guid>(type: "uuid", nullable: false),
                    PersonId = table.Column<Guid>(type: "uuid", nullable: false),
                    Role = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Until = table.Column<DateOnly>(type: "date", nullable: true),
                    What = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_habilitation_changes", x => x.Id);
                    table.ForeignKey(
                        name: "FK_habilitation_changes_habilitations_HabilitationId",
                        column: x => x.HabilitationId,
                        principalTable: "habilitations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "IX_habilitation_changes_EstablishmentFiness_Id",
                table: "habilitation_changes",
                columns: new[] { "EstablishmentFiness", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_habilitation_changes_HabilitationId",
                table: "habilitation_changes",
                column: "HabilitationId");
        }
    }
}
