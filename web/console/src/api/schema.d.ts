// Written from relay/openapi.json by `npm run schema`.

export interface paths {
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who is signed in. */
        get: operations["show_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/monitor": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions now and by day; needs the permission to read all records. */
        get: operations["show_monitor"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of session records: all of the organisation with the permission to read them, else one's own. */
        get: operations["list_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records.csv": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All records of the filter as CSV (RFC 4180, UTF-8 with a mark, so that spreadsheets read every script). */
        get: operations["export_records"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/records/{session}/{pair}/outcome": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Writes what came of a session; only its helper can. */
        put: operations["put_outcome"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where to sign in. */
        get: operations["show_sign_in"];
        put?: never;
        /** Turns an access token into the console's cookie, for 12 hours. */
        post: operations["sign_in"];
        /** Signs out at the console. Sessions of the person go on. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tickets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** A ticket for one connection. */
        post: operations["issue_ticket"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description One day, without persons. */
        Day: {
            /**
             * Format: int64
             * @description Those with a level that includes input.
             */
            control: number;
            /** @description Such as `2026-11-20`. */
            day: string;
            /** Format: int64 */
            minutes: number;
            /** Format: int64 */
            sessions: number;
        };
        /** @description How well it went. */
        Figures: {
            /** Format: int64 */
            bytes_to_helper: number;
            /** Format: int64 */
            bytes_to_sharer: number;
            /** Format: int32 */
            fps: number | null;
            /** Format: int32 */
            p50_ms: number | null;
            /** Format: int32 */
            p95_ms: number | null;
            /** Format: int32 */
            stalls: number;
        };
        /** @description What the person may do, whoever it is about. */
        May: {
            /** @description Read every record of the organisation; everybody reads their own. */
            all_records: boolean;
            /** @description Remote help is on in the organisation. */
            enabled: boolean;
            /** @description Levels that some assignment allows, lowest first. */
            levels: string[];
            /** @description Offer remote assistance. */
            offer: boolean;
        };
        /** @description The person who is signed in. */
        Me: {
            company?: string | null;
            issuer: string;
            may: components["schemas"]["May"];
            name: string;
            /** @description A `data:` URL. */
            picture?: string | null;
            /** @description Name and version of the relay. */
            relay: string;
            subject: string;
            tenant: string;
            title?: string | null;
        };
        /** @description Sessions now and by day. */
        Monitor: {
            /** @description Those that go on, newest first; at most 1000. */
            active: components["schemas"]["Record"][];
            /** @description The last 30 days (UTC), oldest first, the empty ones too. */
            days: components["schemas"]["Day"][];
        };
        /** @description A person of a record. */
        Named: {
            name: string;
            subject: string;
        };
        /** @description What the helper says. */
        Outcome: {
            /** @description At most 4000 characters. */
            notes: string;
            /** @description `solved`, `unsolved` or `escalated`. */
            outcome: string;
        };
        /** @description The versions of the relay protocol that the relay speaks. */
        ProtocolRange: {
            /** Format: int32 */
            max: number;
            /** Format: int32 */
            min: number;
        };
        /** @description The record of one helper's part in one session. */
        Record: {
            device: string | null;
            end_reason: string | null;
            ended: string | null;
            helper: components["schemas"]["Named"];
            helper_carrier: string | null;
            highest: string | null;
            incident: string | null;
            level: string | null;
            notes: string | null;
            outcome: string | null;
            /** Format: int32 */
            pair: number;
            quality: components["schemas"]["Figures"];
            reason: string | null;
            /** Format: int64 */
            seconds: number;
            /** @description 32 hex digits. */
            session: string;
            sharer: components["schemas"]["Named"] | null;
            sharer_carrier: string | null;
            /** @description RFC 3339. */
            started: string;
        };
        /** @description A page of records. */
        RecordPage: {
            /** @description Where to go on; nothing at the end. */
            next: string | null;
            records: components["schemas"]["Record"][];
        };
        /** @description Why a request was not done. */
        Refusal: {
            /** @description Such as `RH-1702`. */
            fault: string;
            /** @description What an administrator calls the rule that refuses, if it is one. */
            rule?: string | null;
            text: string;
        };
        /** @description Where to sign in, and as which client. */
        SignIn: {
            console_client: string;
            helper_client: string;
            issuer: string;
            protocol: components["schemas"]["ProtocolRange"];
            sharer_client: string;
        };
        /** @description A ticket, good once and for 30 s. */
        Ticket: {
            ticket: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    show_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    show_monitor: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Monitor"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    list_records: {
        parameters: {
            query?: {
                /** @description Started then or later (RFC 3339). */
                from?: string;
                /** @description Started before then. */
                until?: string;
                /** @description Name or subject of helper or sharer contain this. */
                person?: string;
                /** @description The highest level was this one. */
                level?: string;
                /** @description Only open or only ended ones. */
                open?: boolean;
                /** @description `started`, `helper`, `sharer`, `level` or `end_reason`. */
                sort?: string;
                /** @description Smallest first. */
                ascending?: boolean;
                /** @description Only where I helped. Without the permission to read all records it is always so. */
                mine?: boolean;
                /** @description `next` of the page before. */
                after?: string;
                /** @description At most this many. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordPage"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    export_records: {
        parameters: {
            query?: {
                /** @description Started then or later (RFC 3339). */
                from?: string;
                /** @description Started before then. */
                until?: string;
                /** @description Name or subject of helper or sharer contain this. */
                person?: string;
                /** @description The highest level was this one. */
                level?: string;
                /** @description Only open or only ended ones. */
                open?: boolean;
                /** @description `started`, `helper`, `sharer`, `level` or `end_reason`. */
                sort?: string;
                /** @description Smallest first. */
                ascending?: boolean;
                /** @description Only where I helped. Without the permission to read all records it is always so. */
                mine?: boolean;
                /** @description `next` of the page before. */
                after?: string;
                /** @description At most this many. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/csv": string;
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    put_outcome: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session: string;
                pair: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Outcome"];
            };
        };
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    show_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignIn"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
    issue_ticket: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ticket"];
                };
            };
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Refusal"];
                };
            };
        };
    };
}
