//! A workspace in which one comment stands and one view is kept.

use async_trait::async_trait;
use domain::backend::comments::{About, Comment, Comments, Topic};
use domain::backend::views::{SavedView, SavedViews, ViewWish};
use domain::id::{CommentId, ViewId, WorkspaceId};
use domain::model::object::ObjectKind;
use domain::problem::Problem;
use domain::time::Timestamp;

use crate::estate::Fake;

#[async_trait]
impl Comments for Fake {
    async fn comments_of(&self, workspace: &WorkspaceId, _: &About) -> Result<Vec<Comment>, Problem> {
        self.comments(workspace).await
    }

    async fn comments(&self, workspace: &WorkspaceId) -> Result<Vec<Comment>, Problem> {
        self.member(workspace)?;
        Ok(vec![Comment {
            id: CommentId::new("c1"),
            topic: Topic::Object(ObjectKind::System),
            key: "checkout".to_owned(),
            author: "Payments lead".to_owned(),
            own: true,
            text: "\"><script>x()</script></textarea> seen in the log".to_owned(),
            written_at: Timestamp(1_795_000_000_000_000),
            edited_at: None,
        }])
    }

    async fn add_comment(&self, _: &WorkspaceId, _: &About, _: &str) -> Result<CommentId, Problem> {
        Err(Problem::Forbidden)
    }

    async fn edit_comment(&self, _: &WorkspaceId, _: &CommentId, _: &str) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }

    async fn delete_comment(&self, _: &WorkspaceId, _: &CommentId) -> Result<(), Problem> {
        Err(Problem::Forbidden)
    }
}

#[async_trait]
impl SavedViews for Fake {
    async fn views(&self, workspace: &WorkspaceId) -> Result<Vec<SavedView>, Problem> {
        self.member(workspace)?;
        Ok(vec![SavedView {
            id: ViewId::new("v1"),
            list: "systems".to_owned(),
            name: "Card data <1>".to_owned(),
            q: "field:pan".to_owned(),
            sort: "-flows".to_owned(),
            columns: String::new(),
            shared: true,
            by: "Payments lead".to_owned(),
            own: true,
            deletable: true,
        }])
    }

    async fn save_view(&self, _: &WorkspaceId, _: ViewWish) -> Result<ViewId, Problem> {
        Err(Problem::Forbidden)
    }

    async fn delete_view(&self, _: &WorkspaceId, _: &ViewId) -> Result<(), Problem> {
        Err(Problem::NotFound)
    }
}
